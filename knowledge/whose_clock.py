"""Whose clock a moment is on, for sentences in which it matters: the customer's, or the clock of which place.

Which words are said stands in the replies; names of places and clocks come from the Unicode CLDR.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_name

from knowledge.values import Value, Verbatim

YOURS = "label_moment_on_your_clock"
OF_A_PLACE = "label_moment_on_the_clock_of"
_NOWHERE = ("ZZ", "001")  # CLDR's countries of zones that belong to no place, such as Etc/UTC


def lived_in(name: str | None) -> ZoneInfo | None:
    """The zone of that name; None when there is none, or nobody lives in it.

    A browser may send anything; one that hides where it is says UTC.
    """
    if not name or not _country(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not among this machine's zones
        return None


def label_for(moment: datetime, customers: ZoneInfo | None, markets: ZoneInfo, country: str) -> str:
    """The reply that tells whose clock shows the moment; empty where nobody of the country would ask.

    `customers`: None when their zone is unknown, and the market's clock is told. `country`: the market's ISO code.
    """
    if customers is None:
        return OF_A_PLACE
    offset = moment.astimezone(markets).utcoffset()
    same = moment.astimezone(customers).utcoffset() == offset
    return "" if same and _offsets(country, moment) <= {offset} else YOURS


def names_of(moment: datetime, zone: ZoneInfo, locale: Locale) -> Mapping[str, Value]:
    """What a text may call the zone's clock.

    `city`: Berlin. `clock`: Eastern Time. `abbreviation`: EST or EDT, as the moment has it; +0100 where there is none.
    """
    return {
        "city": Verbatim(_city(zone.key, locale)),
        "clock": Verbatim(get_timezone_name(zone, "long", locale=locale, zone_variant="generic")),
        "abbreviation": Verbatim(get_timezone_name(moment.astimezone(zone), "short", locale=locale)),
    }


def _country(name: str) -> str:
    country: str = get_global("zone_territories").get(get_global("zone_aliases").get(name, name), "")
    return "" if country in _NOWHERE else country


def _offsets(country: str, moment: datetime) -> set[object]:
    return {moment.astimezone(zone).utcoffset() for zone in _zones(country)}


@cache
def _zones(country: str) -> tuple[ZoneInfo, ...]:
    names = (name for name, where in get_global("zone_territories").items() if where == country)
    return tuple(zone for name in names if (zone := lived_in(name)))


def _city(name: str, locale: Locale) -> str:
    former = (old for old, new in get_global("zone_aliases").items() if new == name)  # CLDR keeps some: Asia/Calcutta
    cities = (locale.time_zones.get(known, {}).get("city") for known in (name, *former))
    return next((str(city) for city in cities if city), name.rpartition("/")[2].replace("_", " "))
