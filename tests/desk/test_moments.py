"""Moments and enumerations, as each language of the desk writes them."""

from datetime import UTC, datetime

import pytest

from desk.web.render import When

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC).timestamp()
SAME_DAY = datetime(2026, 11, 22, 1, 5, tzinfo=UTC).timestamp()
SAME_YEAR = datetime(2026, 11, 25, 1, 0, tzinfo=UTC).timestamp()
NEXT_YEAR = datetime(2027, 1, 2, 1, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("language", "moment", "text"),
    [
        ("zh", SAME_DAY, "01:05"),
        ("zh", SAME_YEAR, "11月25日 01:00"),
        ("zh", NEXT_YEAR, "2027年1月2日 01:00"),
        ("en", SAME_DAY, "1:05 AM"),
        ("en", SAME_YEAR, "Nov 25, 1:00 AM"),
        ("en", NEXT_YEAR, "Jan 2, 2027, 1:00 AM"),
        ("de", SAME_YEAR, "25. Nov., 01:00"),
    ],
)
def test_a_moment_is_written_as_the_language_does(language: str, moment: float, text: str) -> None:
    written = When("UTC", language, NOW).time(moment)
    assert written.replace("\u202f", " ") == text
