"""What a check of a glossary found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from core.errors import Fault
from glossaries.model import Term


@dataclass
class Report:
    """`faults` stop a load and a publication; `warnings` are shown and do not. Paths start with `folder`."""

    folder: Path
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def fault(self, term: Term, message: str) -> None:
        """Add a fault to the term's line."""
        self.faults.append(Fault(self.folder / term.origin.file, term.origin.line, message))

    def warn(self, term: Term, message: str) -> None:
        """Add a warning to the term's line."""
        self.warnings.append(Fault(self.folder / term.origin.file, term.origin.line, message))

    def ordered(self) -> "Report":
        """The same report by file and line, each message once."""
        return Report(self.folder, _ordered(self.faults), _ordered(self.warnings))


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` with the nearest known word, else an empty text."""
    near = get_close_matches(word[:100], list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _ordered(faults: list[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(faults), key=lambda fault: (str(fault.path), fault.line))
