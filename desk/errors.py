"""What the desk refuses. Each class has words of its own name in desk/data/words/<language>/errors.yml."""

from collections.abc import Mapping
from typing import Any

from core.errors import AftersailError, NotFound


class DeskError(AftersailError):
    """Something that a person at the desk can mend. `values` fill the words' placeholders."""

    status = 422

    def __init__(self, text: str = "", **values: Any) -> None:
        super().__init__(text or type(self).__name__)
        self.values: Mapping[str, Any] = values


class NotSignedIn(DeskError):
    """Sign in, then do it again."""

    status = 401


class NotAllowed(DeskError):
    """Their role does not have the right: ask a lead or an admin."""

    status = 403


class ForgedForm(DeskError):
    """The form does not come from a page of this session: open the page anew."""

    status = 403


class InvalidForm(DeskError):
    """A field is missing or wrong; `field` says which."""

    def __init__(self, field: str, text: str = "") -> None:
        super().__init__(text or f"wrong field {field!r}", field=field)
        self.field = field


class TooMuch(DeskError):
    """The request is larger than any page of ours sends."""

    status = 413


class TooOften(DeskError):
    """Wait `seconds`, then try again."""

    status = 429

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too often; wait {seconds:.0f} s", seconds=max(1, round(seconds)))
        self.seconds = seconds


__all__ = ["DeskError", "ForgedForm", "InvalidForm", "NotAllowed", "NotFound", "NotSignedIn", "TooMuch", "TooOften"]
