"""Reads the forms of accounts. Only named fields are read, so that nobody sends more than the form shows."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import TypeAdapter, ValidationError

from desk.people import choices
from desk.people.errors import Refused, read_all
from desk.people.model import EMAIL, LEAST_CAPACITY, MAX_EMAIL, MOST_CAPACITY, Account
from desk.viewer import EVERY_MARKET, Role
from desk.web.ask import Ask
from markets.hours import DAYS, WeeklyHours, parse_days

MAX_DISPLAY_NAME = 80
MAX_HOURS = 120  # characters of one day
_HOURS: TypeAdapter[Any] = TypeAdapter(WeeklyHours)


def read_account(ask: Ask, markets: Sequence[str]) -> Account:
    """What the admin's form says; `markets`: those that it offered. Raises AllRefused with all that is wrong."""
    readers: Mapping[str, Callable[[], Any]] = {
        "display_name": partial(read_display_name, ask),
        "email": partial(_email, ask),
        "role": partial(_role, ask),
        "markets": partial(_markets, ask, markets),
        "languages": partial(read_languages, ask),
        "capacity": partial(ask.number, "capacity", LEAST_CAPACITY, MOST_CAPACITY),
        "interface": partial(read_interface, ask),
        "time_zone": partial(read_time_zone, ask),
        "duty_hours": partial(_duty_hours, ask),
    }
    skills = tuple(code for code in choices.product_categories() if ask.form.get(f"skill.{code}"))
    return Account(skills=skills, **read_all(readers))


def read_display_name(ask: Ask) -> str:
    """How colleagues see them."""
    name = " ".join(ask.field("display_name", MAX_DISPLAY_NAME).split())
    if not name.isprintable():
        raise Refused("display_name", "display_name")
    return name


def read_languages(ask: Ask) -> tuple[str, ...]:
    """The languages chosen, the best first; each once, at least one."""
    numbers = range(1, choices.MOST_LANGUAGES + 1)
    chosen = [code for number in numbers if (code := ask.form.get(f"language.{number}", ""))]
    if not chosen or not set(chosen) <= set(choices.content_languages()):
        raise Refused("languages", "languages")
    return tuple(dict.fromkeys(chosen))


def read_interface(ask: Ask) -> str:
    """Language of the desk."""
    code = ask.field("interface", 16)
    if code not in choices.interface_languages():
        raise Refused("interface", "interface")
    return code


def read_time_zone(ask: Ask) -> str:
    """IANA name."""
    name = ask.field("time_zone", 64)
    if name not in choices.time_zones():
        raise Refused("time_zone", "time_zone")
    return name


def duty_texts(hours: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """By day, what stands in its field: 08:00-12:00, 13:00-17:00; empty for a free day."""
    texts = dict.fromkeys(DAYS, "")
    for days, slots in hours.items():
        for day in parse_days(days):
            texts[DAYS[day]] = ", ".join(slots)
    return texts


def _email(ask: Ask) -> str:
    email = ask.field("email", MAX_EMAIL, empty=True).lower()
    if email and EMAIL.fullmatch(email) is None:
        raise Refused("email", "email")
    return email


def _role(ask: Ask) -> Role:
    role = ask.field("role", 8)
    if role not in list(Role):
        raise Refused("role", "role")
    return Role(role)


def _markets(ask: Ask, offered: Sequence[str]) -> tuple[str, ...]:
    if ask.form.get("market.*"):
        return (EVERY_MARKET,)
    chosen = tuple(code for code in offered if ask.form.get(f"market.{code}"))
    if not chosen:
        raise Refused("markets", "markets_missing")
    return chosen


def _duty_hours(ask: Ask) -> Mapping[str, Sequence[str]]:
    fields = {day: ask.field(f"duty.{day}", MAX_HOURS, empty=True) for day in DAYS}
    hours = {
        day: [slot.strip().replace("–", "-") for slot in text.split(",") if slot.strip()]
        for day, text in fields.items()
        if text
    }
    if not hours:
        return {}
    try:
        _HOURS.validate_python(hours)
    except ValidationError as error:
        raise Refused("duty_hours", "duty_hours") from error
    return hours
