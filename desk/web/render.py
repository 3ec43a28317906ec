"""Templates with escaping on, and what every one of them may use."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core.settings import PROJECT
from desk.web.assets import Assets

if TYPE_CHECKING:
    from desk.web.ask import Ask

TEMPLATES = PROJECT / "desk" / "templates"
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
        )
        self._environment.globals.update(asset=assets.address, direction=direction)

    def write(self, template: str, ask: "Ask", values: Mapping[str, Any]) -> str:
        """The template's text. `values` are its own; besides, each has t, viewer, when, ask."""
        shared = {"t": ask.words, "viewer": ask.viewer, "when": When(ask.viewer.time_zone, ask.words.language, ask.now)}
        return self._environment.get_template(template).render(**shared, ask=ask, **values)


def direction(language: str) -> str:
    """rtl or ltr: how a text of this content code runs; auto when the language is unknown."""
    return ("rtl" if language.split("-")[0] in _RTL else "ltr") if language else "auto"


class When:
    """Moments in the viewer's time zone and language."""

    def __init__(self, time_zone: str, language: str, now: float) -> None:
        self._zone = ZoneInfo(time_zone)
        self._locale = Locale.parse(language.replace("-", "_"))
        self._now = now

    def time(self, moment: float) -> str:
        """The time of day; with the date when it is not today."""
        at, today = self._at(moment), self._at(self._now).date()
        time = format_time(at, "short", locale=self._locale)
        return time if at.date() == today else f"{format_date(at, 'medium', locale=self._locale)}, {time}"

    def date(self, moment: float) -> str:
        """The day."""
        return format_date(self._at(moment), "medium", locale=self._locale)

    def left(self, moment: float) -> str:
        """How long until then, or since then: 3 hours, 10 minutes."""
        return format_timedelta(
            timedelta(seconds=abs(moment - self._now)), granularity="minute", threshold=1.5, locale=self._locale
        )

    def iso(self, moment: float) -> str:
        """For the datetime attribute of <time>."""
        return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")

    def is_past(self, moment: float) -> bool:
        """Whether it was."""
        return moment < self._now

    def _at(self, moment: float) -> datetime:
        return datetime.fromtimestamp(moment, self._zone)
