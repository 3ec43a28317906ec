"""The parts of a market profile, each with its own checks and a message that says what to write."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, model_validator

Tier = Literal["safety", "ordinary", "parts"]
PLACEHOLDER = "{tracking_number}"


def _amount(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError(f'{value!r} is no text; write an amount in quotes, as "3.90"')
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f'{value!r} is no amount; write it with a point, as "3.90"') from None
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{value!r} is not possible; an amount is zero or more")
    return amount


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name!r} is no time zone; use an IANA name such as Europe/Berlin") from None
    return name


def _locale(name: str) -> str:
    try:
        # Babel takes the nearest one that it knows; a market should have its own.
        known = str(Locale.parse(name, sep="-")).replace("_", "-") == name
    except (UnknownLocaleError, ValueError):
        known = False
    if not known:
        raise ValueError(f"{name!r} is no known locale; use one such as de-DE or zh-Hant-TW")
    return name


def _currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"{code!r} is no currency; use a code of ISO 4217 such as EUR")
    return code


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression ({error}); correct it") from None
    return text


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        raise ValueError(f'{text!r} is no phone number; write it as "+493023125042"') from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"{text!r} has the wrong length for its country; correct it")
    return text


def _tracking_url(text: str) -> str:
    if not text.startswith("https://") or text.count(PLACEHOLDER) > 1:
        raise ValueError(f"{text!r} must begin with https:// and hold {PLACEHOLDER} at most once")
    return text


CurrencyCode = Annotated[str, AfterValidator(_currency)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Phone = Annotated[str, AfterValidator(_phone)]  # E.164
Amount = Annotated[Decimal, PlainValidator(_amount)]
TimeZoneName = Annotated[str, AfterValidator(_time_zone)]
LocaleName = Annotated[str, AfterValidator(_locale)]
# Texts put these beside a plural noun, so 1 (and 0) would read wrong in most languages.
Plural = Annotated[int, Field(ge=2, le=3650)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
WebAddress = Annotated[str, Field(pattern=r"^https://\S+$")]
Text = Annotated[str, Field(min_length=1, max_length=500)]


class Part(BaseModel):
    """Base of the parts: cannot be changed, and an unknown field is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Carrier(Part):
    """A delivery company; `names` holds what it is called in other languages of the market."""

    code: Code
    name: Text
    names: dict[str, Text] = Field(default_factory=dict)
    tracking_url: Annotated[str, AfterValidator(_tracking_url)]

    def name_in(self, language: str) -> str:
        """The company's name for a reader of `language`."""
        return self.names.get(language, self.name)

    def track(self, tracking_number: str) -> str:
        """Address at which the parcel can be followed."""
        return self.tracking_url.replace(PLACEHOLDER, tracking_number)


class Warehouse(Part):
    """A place that ships to the market; `customs`: its parcels pass import customs."""

    place: Text
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    time_zone: TimeZoneName
    customs: bool


class Tone(Part):
    """How agents and editors address the customers of the market."""

    register_: Literal["formal", "informal"] = Field(alias="register")
    notes: Text


class SolutionHours(Part):
    """Hours until a question is settled, by tier."""

    safety: Annotated[int, Field(ge=1, le=48)] = 24
    ordinary: Annotated[int, Field(ge=1, le=480)] = 48
    parts: Annotated[int, Field(ge=1, le=480)] = 72


class PromiseHours(Part):
    """Hours until an answer, by tier, and what shapes a promise; docs/promises.md explains each."""

    safety: Annotated[int, Field(ge=1, le=2)]  # of real time, around the clock
    ordinary: Annotated[int, Field(ge=1, le=240)]
    parts: Annotated[int, Field(ge=1, le=480)]
    solution: SolutionHours = SolutionHours()
    least_minutes: Annotated[int, Field(ge=15, le=60)] = 60  # working time that any promise leaves
    margin_minutes: Annotated[int, Field(ge=5, le=240)] = 30  # kept before a channel or a slot closes
    minutes_each: Annotated[int, Field(ge=1, le=480)] = 12  # of one person, for one conversation
    headroom: Annotated[float, Field(ge=1, le=10)] = 2.0  # times what the queue should take
    at_risk_share: Annotated[float, Field(gt=0, le=0.5)] = 0.25  # of the working time, when it is left
    at_risk_minutes: Annotated[int, Field(ge=1, le=240)] = 30  # of working time, at least

    @model_validator(mode="after")
    def _in_order(self) -> "PromiseHours":
        if self.parts < self.ordinary:
            raise ValueError(f"parts ({self.parts}) is below ordinary ({self.ordinary}); parts take longer")
        for tier in ("safety", "ordinary", "parts"):
            if getattr(self.solution, tier) < getattr(self, tier):
                raise ValueError(f"solution.{tier} is below {tier}; nothing is settled before it is answered")
        return self


class Flags(Part):
    """What the market offers; FAQ variants ask for these by name."""

    parcel_lockers: bool
    duties_included: bool
    free_returns: bool
    cash_on_delivery: bool
    instalments: bool
