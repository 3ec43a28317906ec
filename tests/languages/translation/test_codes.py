"""Content codes and the engines' own."""

from pathlib import Path

import pytest

from core.errors import ContentError
from languages.translation.codes import known_languages, load_codes
from languages.translation.engine import Pair

ARGOS = [("de", "en"), ("en", "pt"), ("en", "pb"), ("zt", "en"), ("en", "zh"), ("nb", "en")]
LIBRE = [("en", "zh-Hans"), ("zh-Hant", "en"), ("pt-BR", "en"), ("en", "en")]
DEEPL = [("EN", "PT-BR"), ("EN", "PT-PT"), ("EN", "ZH-HANS"), ("EN", "ZH-HANT"), ("ZH", "EN-GB"), ("ZH", "EN-US")]


@pytest.mark.parametrize(
    ("engine", "available", "pair", "code"),
    [
        ("argos", ARGOS, Pair("de", "en"), ("de", "en")),
        ("argos", ARGOS, Pair("en", "pt"), ("en", "pb")),
        ("argos", ARGOS[:2], Pair("en", "pt"), ("en", "pt")),
        ("argos", ARGOS, Pair("zh-Hant", "en"), ("zt", "en")),
        ("argos", ARGOS, Pair("en", "zh"), ("en", "zh")),
        ("argos", ARGOS, Pair("zh", "en"), None),
        ("libre", LIBRE, Pair("en", "zh"), ("en", "zh-Hans")),
        ("libre", LIBRE, Pair("zh-Hant", "en"), ("zh-Hant", "en")),
        ("libre", LIBRE, Pair("pt", "en"), ("pt-BR", "en")),
        ("libre", LIBRE, Pair("en", "en"), None),
        ("deepl", DEEPL, Pair("en", "pt"), ("EN", "PT-BR")),
        ("deepl", DEEPL, Pair("en", "zh-Hant"), ("EN", "ZH-HANT")),
        ("deepl", DEEPL, Pair("zh-Hant", "en"), ("ZH", "EN-GB")),
        ("nobody", [("de", "fr")], Pair("de", "fr"), ("de", "fr")),
    ],
)
def test_pairs(engine: str, available: list[tuple[str, str]], pair: Pair, code: tuple[str, str] | None) -> None:
    assert load_codes(engine).pairs(available, known_languages()).get(pair) == code


def test_an_engines_code_names_its_language() -> None:
    codes = load_codes("argos")
    assert [codes.language_of(code) for code in ("zt", "pb", "pt", "zh", "de", "nb")] == [
        "zh-Hant", "pt", "pt", "zh", "de", "nb",
    ]  # fmt: skip


def test_a_mistake_is_named(tmp_path: Path) -> None:
    path = tmp_path / "codes.yml"
    path.write_text("argos:\n  source: {pt: pb}\n")
    with pytest.raises(ContentError, match=r"codes\.yml:2: source\.pt must be a list"):
        load_codes("argos", path)
