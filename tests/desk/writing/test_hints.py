"""Hints: every market in both languages of the desk, its time, its days off, its words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from conversations.model import Hints
from core.errors import ContentError
from desk.web.words import load_words
from desk.writing.hint_files import hints_of, load_hints
from desk.writing.hints import holidays_ahead, local_time
from tests.support.desk import DeskWorld


def moment(text: str) -> float:
    """Seconds since 1970 of a UTC time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_every_market_has_hints_in_every_language_of_the_desk(desk: DeskWorld) -> None:
    assert set(load_hints()) == set(desk.holder.current().markets)
    for market, found in load_hints().items():
        assert set(found) == set(load_words()), market


@pytest.mark.parametrize(
    ("market", "at", "day", "name"),
    [
        ("DE", "2026-12-20T10:00", "Thursday, December 24, 2026", ""),
        ("JP", "2026-11-20T10:00", "Monday, November 23, 2026", "Labor Thanksgiving Day"),
        ("BR", "2026-11-18T10:00", "Friday, November 20, 2026", "National Day of Zumbi and Black Awareness"),
    ],
)
def test_days_off_of_the_next_two_weeks_are_told(desk: DeskWorld, market: str, at: str, day: str, name: str) -> None:
    found = holidays_ahead(desk.holder.current().markets[market], moment(at), "en")
    assert day in [one.day for one in found]
    assert next(one.name for one in found if one.day == day) == name


def test_a_day_off_has_its_own_name_where_the_desk_has_none_for_it(desk: DeskWorld) -> None:
    found = holidays_ahead(desk.holder.current().markets["FR"], moment("2026-12-20T10:00"), "zh")
    assert [one.name for one in found] == ["Noël", "Jour de l'an"]


@pytest.mark.parametrize(
    ("zone", "expected", "is_night", "is_known"),
    [("", "Tuesday, 6:46 PM", False, False), ("Asia/Tokyo", "Wednesday, 2:46 AM", True, True),
     ("../../etc", "Tuesday, 6:46 PM", False, False), ("UTC", "Tuesday, 6:46 PM", False, False)],
)  # fmt: skip
def test_the_time_is_the_customers(desk: DeskWorld, zone: str, expected: str, is_night: bool, is_known: bool) -> None:
    handoff = desk.waiting(hints=Hints(time_zone=zone))
    conversation = desk.conversation(handoff.conversation_id)
    market = desk.holder.current().markets["DE"]
    found = local_time(conversation, market, moment("2026-11-17T17:46:40"), "en")
    assert (found.text.replace("\u202f", " "), found.is_night, found.is_known) == (expected, is_night, is_known)


def test_words_of_the_subject_come_first(desk: DeskWorld) -> None:
    conversation = desk.waiting("Wie kann ich die Babyflasche sterilisieren?").conversation_id
    page = desk.client("anna").get(f"/desk/c/{conversation}/hints").text
    words = page[page.index("Words not to use") :]
    assert words.index("desinfizieren") < words.index("</li>")
    assert "Comes up in this conversation" in words


@pytest.mark.parametrize(
    ("text", "fault"),
    [("- x", "mapping"), ("en: {tone: a}", "exactly"), ("en: {tone: a, greeting: b, sign_off: c, avoid: d}", "list")],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "DE.yml").write_text(text)
    with pytest.raises(ContentError, match=fault):
        hints_of("DE", "en", tmp_path)
