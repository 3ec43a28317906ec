"""Locales are found by language and script; a neighbour in another script is none."""

import pytest

from knowledge.locale_formats import LocaleFormats, find_locale

LOCALES = [
    ("de-DE", "de_DE"),
    ("de-SA", "de"),
    ("zh-Hant-SG", "zh_Hant"),
    ("zh", "zh"),
    ("zh-Hant", "zh_Hant"),
    ("pt", "pt"),
]


@pytest.mark.parametrize(("tag", "found"), LOCALES)
def test_the_nearest_locale_keeps_the_script(tag: str, found: str) -> None:
    assert str(find_locale(tag)) == found


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no locale data for 'qq-DE'"):
        LocaleFormats("qq-DE")
