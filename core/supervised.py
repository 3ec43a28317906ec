"""What a process owes to those beside it: to go when its supervisor is gone, and to let the door go first."""

import os
import platform

NICENESS = 5  # of processes whose work can wait a moment
VARIABLE = "AFTERSAIL_SUPERVISED_BY"
MAX_HOLDER = 64  # characters


def holder_of(name: str) -> str:
    """The name that a process holds work by: each machine has a worker-1, and frees what its own one held."""
    return f"{name}@{platform.node()}"[:MAX_HOLDER]


def supervisor_is_gone() -> bool:
    """True in a process whose supervisor died without stopping it; False in one that was started by hand."""
    supervisor = os.environ.get(VARIABLE)
    return supervisor is not None and supervisor != str(os.getppid())


def let_others_go_first() -> None:
    """Give way to the web process: whoever writes to us is answered at once, however much there is to do."""
    os.nice(NICENESS)
