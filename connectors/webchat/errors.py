"""Refusals: what a visitor's request can be answered with instead of a result."""

from typing import Any

from core.errors import AftersailError

HTTP_STATUS = {
    "bad_json": 400,
    "invalid": 422,
    "too_long": 422,
    "too_large": 413,
    "wrong_token": 401,
    "expired": 401,
    "wrong_identity": 401,
    "wrong_origin": 403,
    "unknown_market": 404,
    "unknown_language": 422,
    "old_button": 404,
    "too_fast": 429,
    "too_many": 429,
    "unavailable": 503,
}


class Refused(AftersailError):
    """The request was refused; the code tells the widget what to do, the text tells a developer why."""

    def __init__(self, code: str, reason: str, retry_after: float = 0) -> None:
        super().__init__(reason)
        self.code = code
        self.retry_after = retry_after  # seconds; 0 when trying again is of no use

    @property
    def status(self) -> int:
        """HTTP status that goes with the code."""
        return HTTP_STATUS[self.code]

    def frame(self, message_id: str = "") -> dict[str, Any]:
        """The error as the widget reads it, over the socket and by polling."""
        frame: dict[str, Any] = {"type": "error", "code": self.code, "message": str(self)}
        if self.retry_after:
            frame["retry_after"] = round(self.retry_after, 2)
        if message_id:
            frame["id"] = message_id
        return frame
