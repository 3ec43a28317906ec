"""In which languages an agent may write, the best first."""

from collections.abc import Sequence

import pytest

from desk.viewer import Role, Viewer
from desk.writing.compose import Recipient
from desk.writing.turn import choices
from tests.support.desk import DeskWorld

PAIRS = {("en", "ja"), ("en", "de")}


def agent(*languages: str) -> Viewer:
    """Somebody who writes these, the best first."""
    return Viewer("id", "mei", "Mei", Role.AGENT, (), languages, "en", "UTC", "", "")


def available(source: str, target: str) -> bool:
    """Whether it can be translated."""
    return source == target or (source, target) in PAIRS


@pytest.mark.parametrize(
    ("own", "language", "expected", "untranslated"),
    [
        (("zh", "en"), "ja", ["en", "zh", "ja"], ["zh"]),
        (("zh", "en", "ja"), "ja", ["ja", "en", "zh"], ["zh"]),
        (("en", "zh"), "de", ["en", "zh", "de"], ["zh"]),
        (("zh", "fr"), "th", ["zh", "fr", "th"], ["zh", "fr"]),  # as they prefer: none is better
    ],
)
def test_what_can_be_translated_comes_first(
    own: Sequence[str], language: str, expected: list[str], untranslated: list[str]
) -> None:
    found = choices(agent(*own), Recipient(language, "JP"), available)
    assert [choice.code for choice in found] == expected
    assert [choice.code for choice in found if not choice.is_translated] == untranslated


def test_the_composer_offers_them_and_says_which_have_no_translation(translating: DeskWorld) -> None:
    one = translating.waiting("掃除機が動きません", market="JP", language="ja").conversation_id
    page = translating.client("mei", languages=["zh", "en"]).get(f"/desk/c/{one}/composer").text
    first, second, third = (page.index(f'<option value="{code}"') for code in ("en", "zh", "ja"))
    assert first < second < third
    assert "no translation" in page[second:third]
    assert "no translation" not in page[first:second]
