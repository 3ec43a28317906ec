"""Bytes from a browser to checked values. Pure; every size is bounded, extra keys are ignored."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from connectors.webchat.errors import Refused
from conversations.model import MAX_TEXT, Hints

MAX_BODY = 64 * 1024  # bytes of a request or frame
MAX_BROWSER_LANGUAGES = 10
MAX_SEQ = 2**31 - 1
_LOCALE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]{0,31}(/[A-Za-z0-9_+\-]{1,31}){0,2}")


def _mended(value: object) -> object:
    # Half a surrogate pair is legal JSON, but it is no text: it can be neither stored nor sent.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


def _hint(pattern: re.Pattern[str]) -> BeforeValidator:
    # A strange hint is no reason to refuse a customer; it is left out.
    return BeforeValidator(lambda value: value if isinstance(value, str) and pattern.fullmatch(value) else "")


def _hints(value: object) -> list[str]:
    found = value[:MAX_BROWSER_LANGUAGES] if isinstance(value, list) else []
    return [item for item in found if isinstance(item, str) and _LOCALE.fullmatch(item)]


LocaleHint = Annotated[str, _hint(_LOCALE), Field(max_length=48)]
Text = Annotated[str, BeforeValidator(_mended)]
ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Token = Annotated[str, Field(max_length=4096), BeforeValidator(_mended)]
RowId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Seq = Annotated[int, Field(ge=0, le=MAX_SEQ)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


Model = TypeVar("Model", bound=_Input)


class SessionRequest(_Input):
    """Body of POST /webchat/session."""

    market: str = Field(pattern=r"^[A-Za-z]{2,8}$")
    language: LocaleHint = ""
    page_locale: LocaleHint = ""
    browser_languages: Annotated[list[str], BeforeValidator(_hints)] = []
    time_zone: Annotated[str, _hint(_ZONE)] = ""
    identity: Token = ""
    token: Token = ""
    conversation: RowId | None = None  # the one that the widget shows

    def hints(self, chosen_language: str, customer_ref: str) -> Hints:
        """What the page knows about the person."""
        return Hints(
            chosen_language=chosen_language,
            page_locale=self.language or self.page_locale,
            browser_languages=tuple(self.browser_languages),
            time_zone=self.time_zone,
            customer_ref=customer_ref,
        )


class Hello(_Input):
    """First frame of a socket."""

    type: Literal["hello"]
    token: Token
    since: Seq = 0
    conversation: RowId | None = None


class TextMessage(_Input):
    """A text that the customer wrote."""

    type: Literal["message"] = "message"
    id: ClientId
    text: Text


class ButtonPress(_Input):
    """A choice among the buttons of a message."""

    type: Literal["button"] = "button"
    id: ClientId
    message: RowId
    index: int = Field(ge=0, le=99)


class Seen(_Input):
    """The widget has the messages up to `seq`; `read` says that they were on the screen."""

    type: Literal["seen"] = "seen"
    seq: Seq
    read: bool = False


class ChosenLanguage(_Input):
    """The language picked in the menu."""

    type: Literal["language"] = "language"
    code: str = Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$")


class NewConversation(_Input):
    """The customer closes the conversation and wants another."""

    type: Literal["new_conversation"] = "new_conversation"


class Typing(_Input):
    """The customer is writing."""

    type: Literal["typing"]


class Ping(_Input):
    """The socket is alive."""

    type: Literal["ping"]


Frame = TextMessage | ButtonPress | Seen | ChosenLanguage | NewConversation | Typing | Ping
_FRAMES: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])


def read_json(raw: bytes | str) -> Any:
    """The JSON value. Raises Refused: too_large, bad_json."""
    if len(raw) > MAX_BODY:
        raise Refused("too_large", f"more than {MAX_BODY} bytes")
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_json", "this is no JSON that can be read") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def read_model(model: type[Model], raw: bytes | str) -> Model:
    """The checked body. Raises Refused: too_large, bad_json, invalid."""
    try:
        return model.model_validate(read_json(raw))
    except ValidationError as error:
        raise _invalid(error) from None


def read_frame(raw: bytes | str) -> Frame:
    """The checked frame of a socket. Raises Refused: too_large, bad_json, invalid."""
    try:
        return _FRAMES.validate_python(read_json(raw))
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError) -> Refused:
    # Names and rules only: what the customer sent goes neither back nor into a log.
    faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'body'}: {fault['msg']}" for fault in error.errors()[:5])
    return Refused("invalid", faults)


def clean_text(text: str) -> str:
    """The text without control characters (line breaks and tabs stay) and without space at its ends; may be empty.

    Raises Refused (too_long) above MAX_TEXT characters.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc").strip()
    if len(kept) > MAX_TEXT:
        raise Refused("too_long", f"at most {MAX_TEXT} characters")
    return kept


def best_language(wanted: Iterable[str], offered: Sequence[str]) -> str:
    """The offered content code that fits the first wanted BCP 47 tag that has any; else the first offered."""
    for tag in wanted:
        for candidate in _candidates(tag):
            if candidate in offered:
                return candidate
        primary = re.split("[-_]", tag)[0].lower()
        for code in offered:
            if code.split("-")[0] == primary:
                return code
    return offered[0]


def _candidates(tag: str) -> list[str]:
    try:
        locale = Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return [tag]
    return [tag, f"{locale.language}-{locale.script}", locale.language]
