"""What a check of the content found."""

from dataclasses import dataclass, field

from core.errors import Fault


@dataclass
class Report:
    """`faults` stop a publication; `warnings` are shown and do not."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
