"""Whether the supervisor that started this process is still there."""

import os

VARIABLE = "AFTERSAIL_SUPERVISED_BY"


def supervisor_is_gone() -> bool:
    """True in a process whose supervisor died without stopping it; False in one that was started by hand."""
    supervisor = os.environ.get(VARIABLE)
    return supervisor is not None and supervisor != str(os.getppid())
