"""A market: the country's languages, hours, policies and prices, checked when loaded."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import Field, model_validator

from markets.fields import (
    Amount,
    Carrier,
    Code,
    CurrencyCode,
    Flags,
    LocaleName,
    Part,
    Pattern,
    Phone,
    Plural,
    PromiseHours,
    Text,
    Tier,
    TimeZoneName,
    Tone,
    Warehouse,
    WebAddress,
)
from markets.hours import HolidayRules, HoursException, Slot, WeeklyHours, opening_ranges, week_of
from markets.money import Label, Money
from markets.ramadan import RamadanHours

# Values that texts use as they are; the rest is made in values().
_PLAIN_VALUES = (
    "brand",
    "return_days",
    "refund_days",
    "price_days",
    "warranty_years",
    "spare_parts_years",
    "pickup_days",
    "delivery_days_min",
    "delivery_days_max",
    "customs_days_min",
    "customs_days_max",
    "points_per_unit",
    "support_email",
    "shop_url",
    "manuals_url",
    "emergency_number",
)


class MarketProfile(Part):
    """One country's facts. Every field is needed unless it has a default."""

    code: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    brand: Text
    languages: Annotated[tuple[str, ...], Field(min_length=1, max_length=8)]  # content codes, main one first
    locales: dict[str, LocaleName]  # by language: how dates and money are written
    digits: dict[str, Literal["latn", "arab", "thai", "deva"]] = Field(
        default_factory=dict
    )  # by language; latn where not given
    tone: Tone
    time_zone: TimeZoneName
    opening_hours: WeeklyHours
    exceptions: tuple[HoursException, ...] = ()
    ramadan_hours: RamadanHours | None = None
    holidays: HolidayRules
    promise_hours_: PromiseHours = Field(alias="promise_hours")
    currency: CurrencyCode
    return_days: Plural
    return_days_legal_floor: Annotated[int, Field(ge=0, le=365)]
    refund_days: Plural
    price_days: Plural
    warranty_years: Plural
    spare_parts_years: Plural
    pickup_days: Plural
    delivery_days_min: Plural
    delivery_days_max: Plural
    customs_days_min: Plural
    customs_days_max: Plural
    shipping_fee: Amount
    free_shipping_from: Amount
    points_per_unit: Plural
    currency_unit: Amount  # the points are for each of these, e.g. 100 yen
    warehouses: Annotated[tuple[Warehouse, ...], Field(min_length=1)]
    carriers: Annotated[tuple[Carrier, ...], Field(min_length=1)]
    payment_methods: Annotated[tuple[Code, ...], Field(min_length=1)]
    flags: Flags
    channels: Annotated[tuple[Code, ...], Field(min_length=1)]
    support_email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    support_phone: Phone  # E.164
    shop_url: WebAddress
    manuals_url: WebAddress
    emergency_number: Annotated[str, Field(pattern=r"^\d{2,6}$")]
    phone_prefix: Annotated[str, Field(pattern=r"^\+\d{1,3}$")]
    channel_phone_is_proof: bool = False  # a number that the channel has verified opens the orders that carry it
    postcode: Pattern  # matches a whole postcode, in capitals
    postcode_length: Annotated[int, Field(ge=0, le=10)] = 0  # characters that prove an address; 0: all

    @model_validator(mode="after")
    def _consistent(self) -> "MarketProfile":
        problems = [f"{field}: {message}" for field, message in contradictions(self)]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The market's time zone."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def week(self) -> tuple[tuple[Slot, ...], ...]:
        """Slots of an ordinary week, Monday first; a closed day is empty."""
        return week_of(self.opening_hours)

    @property
    def promise_hours(self) -> Mapping[Tier, int]:
        """Hours until an answer, by tier."""
        hours = self.promise_hours_
        return {"safety": hours.safety, "ordinary": hours.ordinary, "parts": hours.parts}

    @property
    def promise_rules(self) -> PromiseHours:
        """All that shapes a promise."""
        return self.promise_hours_

    def flag(self, name: str) -> bool:
        """Whether the market offers `name`. Raises KeyError for a name that is no flag."""
        if name not in Flags.model_fields:
            raise KeyError(f"{name} is no market flag; there are {', '.join(Flags.model_fields)}")
        return bool(getattr(self.flags, name))

    def locale_for(self, language: str) -> str:
        """Locale such as de-DE for dates and money in `language`; the bare language where the market has none."""
        return self.locales.get(language, language)

    def digits_for(self, language: str) -> str:
        """CLDR name of the digits that `language` is written with here: latn, arab, …"""
        return self.digits.get(language, "latn")

    def carrier(self, code: str) -> Carrier | None:
        """The delivery company, or None for one that does not work here."""
        return next((carrier for carrier in self.carriers if carrier.code == code), None)

    def slots_on(self, day: date) -> tuple[Slot, ...]:
        """The slots that start on `day`, in time order; empty on holidays and closed days."""
        slots = self.week[day.weekday()]
        if not slots or self.holidays.is_holiday(day):
            return ()
        return self.special_slots(day) or slots

    def special_slots(self, day: date) -> tuple[Slot, ...]:
        """The slots that replace those of the week on `day`, in time order; empty on an ordinary day."""
        for exception in self.exceptions:
            if exception.first <= day <= exception.last:
                return tuple(sorted(exception.slots, key=lambda slot: slot.start))
        return self.ramadan_hours.slots_on(day) if self.ramadan_hours else ()

    def money(self, amount: Decimal) -> Money:
        """`amount` in the market's currency."""
        return Money(amount, self.currency)

    def values(self, language: str) -> dict[str, Any]:
        """Named values for texts in `language`, not yet in words.

        int for counts, Money for amounts, str as it is, a tuple of str or Label for lists, and for opening_hours
        a tuple of OpeningRange.
        """
        number = phonenumbers.parse(self.support_phone)
        return {
            **{name: getattr(self, name) for name in _PLAIN_VALUES},
            "shipping_fee": self.money(self.shipping_fee),
            "free_shipping_from": self.money(self.free_shipping_from),
            "currency_unit": self.money(self.currency_unit),
            "carriers": tuple(carrier.name_in(language) for carrier in self.carriers),
            "payment_methods": tuple(Label(f"label_payment_{method}") for method in self.payment_methods),
            "opening_hours": opening_ranges(self.week),
            "support_phone": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
        }


def contradictions(profile: MarketProfile) -> Iterator[tuple[str, str]]:
    """Fields that do not fit others, each with what to do."""
    if profile.return_days < profile.return_days_legal_floor:
        floor = profile.return_days_legal_floor
        yield "return_days", f"{profile.return_days} is below the legal floor of {floor}; give at least {floor}"
    for name in ("delivery_days", "customs_days"):
        if getattr(profile, f"{name}_max") <= getattr(profile, f"{name}_min"):
            yield f"{name}_max", f"is not above {name}_min; texts say 'from … to …', so make it larger"
    if not profile.support_phone.startswith(profile.phone_prefix):
        yield "support_phone", f"does not begin with {profile.phone_prefix}; give a number of this country"
    for method in ("cash_on_delivery", "instalments"):
        if profile.flag(method) != (method in profile.payment_methods):
            yield f"flags.{method}", "differs from payment_methods; make the two agree"
    yield from _language_gaps(profile)
    yield from _repeated(profile)


def _language_gaps(profile: MarketProfile) -> Iterator[tuple[str, str]]:
    for language in profile.languages:
        if language not in profile.locales:
            yield "locales", f"has no entry for {language}; add one such as {language}: {language}-{profile.code}"
    for field in ("locales", "digits"):
        for language in getattr(profile, field):
            if language not in profile.languages:
                yield field, f"{language} is none of the market's languages; add it there or remove it here"


def _repeated(profile: MarketProfile) -> Iterator[tuple[str, str]]:
    lists: dict[str, tuple[str, ...]] = {
        "languages": profile.languages,
        "carriers": tuple(carrier.code for carrier in profile.carriers),
        "payment_methods": profile.payment_methods,
        "channels": profile.channels,
    }
    for name, values in lists.items():
        if len(set(values)) < len(values):
            yield name, "holds an entry twice; keep one"
