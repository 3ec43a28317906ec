"""Templates with escaping on, and what every one of them may use."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from babel.units import format_unit
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.engine import Engine

from core.database import reading
from core.settings import PROJECT
from desk.agents import display_names, shown_name
from desk.reasons import Because
from desk.web.assets import Assets
from desk.web.moments import day, day_and_time, locale_of, time_of_day

if TYPE_CHECKING:
    from desk.web.ask import Ask

TEMPLATES = PROJECT / "desk" / "templates"
DAY_MIN = 24 * 60
_RTL = frozenset({"ar", "he", "fa", "ur"})


class Pages:
    """Writes templates. One for the process."""

    def __init__(self, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # else every part of every page looks at its file's date
        )
        self._environment.globals.update(asset=assets.address, direction=direction)

    def write(self, template: str, ask: "Ask", values: Mapping[str, Any]) -> str:
        """The template's text. `values` are its own; besides, each has t, because, viewer, when, ask, named."""
        shared: dict[str, Any] = {
            "t": ask.words,
            "viewer": ask.viewer,
            "when": When(ask.viewer.time_zone, ask.words.language, ask.now),
        }
        shared |= {"named": Named(ask.deps.engine), "because": Because(ask.words), "ask": ask}
        return self._environment.get_template(template).render(**shared, **values)


def direction(language: str) -> str:
    """rtl or ltr: how a text of this content code runs; auto when the language is unknown."""
    return ("rtl" if language.split("-")[0] in _RTL else "ltr") if language else "auto"


class Named:
    """Writes owners (agent:<name>) as people call them; reads the names once, where a template needs them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._names: Mapping[str, str] | None = None

    def __call__(self, who: str) -> str:
        """The display name; the sign-in name of somebody who is gone."""
        if self._names is None:
            with reading(self._engine) as connection:
                self._names = display_names(connection)
        return shown_name(who, self._names)


class When:
    """Moments in the viewer's time zone and language."""

    def __init__(self, time_zone: str, language: str, now: float) -> None:
        self._zone = ZoneInfo(time_zone)
        self._language = language
        self._now = now
        self._today = self._at(now).date()

    def time(self, moment: float) -> str:
        """The time of day; with the date when it is not today, with the year when it is not this one."""
        on, minute = self._at(moment).date(), int(moment // 60)
        if on == self._today:
            return time_of_day(minute, self._zone.key, self._language)
        return day_and_time(minute, self._zone.key, self._language, on.year != self._today.year)

    def date(self, moment: float) -> str:
        """The day."""
        return day(self._at(moment).date(), self._language)

    def left(self, moment: float) -> str:
        """How long until then, or since then: 3 hours, 10 minutes."""
        return format_timedelta(
            timedelta(seconds=abs(moment - self._now)),
            granularity="minute",
            threshold=1.5,
            locale=locale_of(self._language),
        )

    def span(self, moment: float) -> str:
        """How long until then, or since then, to the minute: 1 hr 59 mins; days alone from two days on."""
        minutes = max(1, int(abs(moment - self._now) // 60))
        if minutes >= 2 * DAY_MIN:
            return self.left(moment)
        parts = [(minutes // 60, "duration-hour"), (minutes % 60, "duration-minute")]
        locale = locale_of(self._language)
        return " ".join(format_unit(number, unit, "short", locale=locale) for number, unit in parts if number)

    def iso(self, moment: float) -> str:
        """For the datetime attribute of <time>."""
        return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")

    def is_past(self, moment: float) -> bool:
        """Whether it was."""
        return moment < self._now

    def _at(self, moment: float) -> datetime:
        return datetime.fromtimestamp(moment, self._zone)
