"""The vendor's error codes become errors that say what the sender does next and what a person can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from connectors.delivery.errors import (
    AccountDown,
    DeliveryError,
    Hold,
    Refused,
    TryAgain,
    TryRecipientLater,
    Uncertain,
)
from connectors.whatsapp.wire import mapping, number, words
from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines

ERRORS_FILE = Path(__file__).with_name("errors.yml")
MAX_WAIT_S = 3_600.0  # a longer wait is a person's decision
_CLASSES: Mapping[str, type[DeliveryError]] = {
    "try_again": TryAgain,
    "try_recipient_later": TryRecipientLater,
    "refused": Refused,
    "account_down": AccountDown,
    "hold": Hold,
}


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: int = Field(ge=0)
    to: int | None = None
    error: Literal["try_again", "try_recipient_later", "refused", "account_down", "hold"]
    meaning: str = Field(min_length=5, max_length=200)
    remedy: str = Field(min_length=5, max_length=300, pattern=r"\.$")
    wait_s: float | None = Field(None, gt=0, le=MAX_WAIT_S)
    named: str = Field("", max_length=64, description="our own code for the same thing, where we have one")


@dataclass(frozen=True)
class Explanation:
    """What a code means and what a person can do, both in English for operators."""

    meaning: str
    remedy: str


class ErrorTable:
    """Every known code. Made by `load_errors`."""

    def __init__(self, rows: list[_Row]) -> None:
        self._ranges = [row for row in rows if row.to is not None]
        self._rows = {row.code: row for row in rows}

    def explain(self, code: str) -> Explanation | None:
        """What `code` means; None: it is not known."""
        row = self._row(code)
        return Explanation(row.meaning, row.remedy) if row else None

    def failure(self, code: str, reason: str, retry_after_s: float | None = None) -> DeliveryError:
        """The error of a code, as an answer or a status `failed` carries it; Refused when the code is not known."""
        reason = reason.rstrip(". ")  # a sentence follows it
        return self._known(code, reason, retry_after_s) or Refused(code or "unknown", reason, _UNKNOWN_REMEDY)

    def answer(self, status: int, body: Any, headers: Mapping[str, str], repeatable: bool) -> DeliveryError:
        """The error of an HTTP answer that is no success.

        `repeatable`: the call may be made twice without harm, so that a fault of the server leaves no doubt.
        """
        error = mapping(mapping(body).get("error"))
        wait = retry_after_s(headers)
        reason = _reason(error) or f"HTTP {status}"
        # Meta calls a wrong id a wrong parameter and tells the two apart by the subcode alone.
        deleted = error.get("code") == 100 and error.get("error_subcode") == 33
        code = "33" if deleted else words(error.get("code"), 16)
        known = self._known(code, reason, wait) if code else None
        return known or _by_status(status, code or f"http_{status}", reason, wait, repeatable)

    def _known(self, code: str, reason: str, wait: float | None) -> DeliveryError | None:
        row = self._row(code)
        if row is None:
            return None
        said = f"{reason or row.meaning} ({code})" if row.named else reason or row.meaning
        return _CLASSES[row.error](row.named or code, said, row.remedy, wait if wait is not None else row.wait_s)

    def _row(self, code: str) -> _Row | None:
        if not (code.isascii() and code.isdigit() and len(code) <= 9):
            return None
        known = self._rows.get(int(code))
        return known or next((row for row in self._ranges if row.code <= int(code) <= (row.to or 0)), None)


def load_errors(path: Path = ERRORS_FILE) -> ErrorTable:
    """The table of a file. Raises ContentError with file and line."""
    data = read_yaml(path).data
    rows, faults = [], []
    for item in data if isinstance(data, list) else [data]:
        try:
            rows.append(TypeAdapter(_Row).validate_python(without_lines(item)))
        except ValidationError as error:
            wrong = error.errors()[0]
            field = ".".join(map(str, wrong["loc"])) or "the row"
            faults.append(Fault(path, line_of(item), f"{field}: {wrong['msg']}; see the rows beside it"))
    if faults:
        raise ContentError(faults)
    return ErrorTable(rows)


_UNKNOWN_REMEDY = (
    "Look the code up in Meta's list of WhatsApp error codes and add it to connectors/whatsapp/errors.yml."
)
_DOUBT_REMEDY = "The sender waits for the status 'sent' that names this delivery before it repeats the call."


def _reason(error: Mapping[str, Any]) -> str:
    details = words(mapping(error.get("error_data")).get("details"), 500)
    return (details or words(error.get("message"), 500)).rstrip(". ")


def _by_status(status: int, code: str, reason: str, wait: float | None, repeatable: bool) -> DeliveryError:
    if status in (401, 403):
        return AccountDown(code, reason, "Check the access token and its permissions with aftersail doctor.")
    if 300 <= status < 400:
        return AccountDown(code, reason, "Correct api_url in channels.yml: Meta's API answers without redirects.")
    if status in (408, 425, 429):
        return TryAgain(code, reason, "Nothing to do; it is tried again.", wait)
    if status >= 500:
        kind = TryAgain if repeatable else Uncertain
        return kind(code, reason, "Nothing to do; it is tried again." if repeatable else _DOUBT_REMEDY, wait)
    return Refused(code, reason, _UNKNOWN_REMEDY)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that the answer asks to wait, at most MAX_WAIT_S; None: it does not ask. Header names in lower case."""
    value = headers.get("retry-after", "")
    wait = number(value)
    if wait is None and value:
        try:
            moment = parsedate_to_datetime(value)
            now = parsedate_to_datetime(headers["date"]) if headers.get("date") else datetime.now(UTC)
            wait = (moment - now).total_seconds()
        except (ValueError, TypeError):  # no date, or one without a zone: then it asks nothing
            return None
    return None if wait is None else min(max(wait, 0.0), MAX_WAIT_S)


def in_doubt(reason: str) -> Uncertain:
    """The call left, and no answer came that could be read."""
    return Uncertain("no_answer", reason, _DOUBT_REMEDY)
