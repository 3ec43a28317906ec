"""Colours, styles, templates and words of the desk's frame."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from jinja2 import Environment

from desk.web.assets import STATIC, Assets
from desk.web.render import TEMPLATES, Pages
from desk.web.words import WORDS, load_words
from tests.support.desk import DeskWorld, MakeDesk
from tests.support.markup import markup_faults
from tests.support.pseudo import pseudo_language

STYLES = sorted(STATIC.glob("*.css"))
TEXTS = sorted(TEMPLATES.rglob("*.html"))
LIGHT, DARK = 0, 1
TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("ground", "surface", "raised", "hover", "sunken", "pale")
PAIRS = [
    *(("ink", ground, TEXT) for ground in GROUNDS),
    *(("ink-soft", ground, TEXT) for ground in GROUNDS),
    *(("ink-faint", ground, TEXT) for ground in GROUNDS if ground not in ("sunken", "pale")),
    *(("accent-text", ground, TEXT) for ground in ("ground", "surface", "raised", "hover", "accent-soft")),
    *(("ink-faint", ground, TEXT) for ground in ("accent-soft",)),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-bad", "bad", TEXT),
    *((kind, f"{kind}-soft", TEXT) for kind in ("ok", "warn", "bad", "info", "note")),
    *((kind, ground, TEXT) for kind in ("ok", "warn", "bad", "info") for ground in ("ground", "surface", "raised")),
    *(("ink", f"{kind}-soft", TEXT) for kind in ("ok", "warn", "bad", "info", "note", "accent")),
    *(("line-strong", ground, SHAPE) for ground in ("ground", "surface", "raised")),
    *(("accent", ground, SHAPE) for ground in ("ground", "surface", "raised", "accent-soft")),
]


def tokens() -> Mapping[str, tuple[str, str]]:
    css = (STATIC / "desk.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_told_apart(theme: int) -> None:
    known = tokens()
    low = {
        f"{front} on {ground}": round(ratio, 2)
        for front, ground, least in PAIRS
        if (ratio := contrast(known[front][theme], known[ground][theme])) < least
    }
    assert not low


def test_contrast_is_reckoned_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_use_known_tokens_and_no_side_of_the_screen(path: Path) -> None:
    css = path.read_text(encoding="utf-8")
    defined = set(re.findall(r"(--[\w-]+)\s*:", "".join(one.read_text(encoding="utf-8") for one in STYLES)))
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) <= defined
    assert not re.findall(r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)|float:", css)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_templates_have_no_scripts_styles_or_unescaped_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"<style|\sstyle=|\son\w+=|javascript:|\|\s*safe|autoescape false|hx-on", text)
    assert not re.findall(r"<script(?![^>]* src=)", text)


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    named = {
        name for path in TEXTS for name in re.findall(r"\bicon\('([\w-]+)'", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert named <= drawn


def test_the_two_languages_have_the_same_words() -> None:
    plural = re.compile(r"\.(zero|one|two|few|many|other)$")
    keys = {language: {plural.sub("", key) for key in words.keys} for language, words in load_words().items()}
    assert {language: keys["en"] ^ found for language, found in keys.items() if found != keys["en"]} == {}


def test_placeholders_are_the_same_in_every_language() -> None:
    words = load_words()
    english = words["en"]
    for other in words.values():
        for key in english.keys & other.keys:
            names = [set(re.findall(r"\{(\w+)\}", one._texts[key])) for one in (english, other)]
            assert names[0] == names[1], (other.language, key)


HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def environment() -> Environment:
    return Pages(Assets())._environment


CALLS = [
    "ui.field('name', hostile, hostile, hint=hostile, error=hostile, attrs={'placeholder': hostile})",
    "ui.area('name', hostile, hostile)",
    "ui.select('name', hostile, [(hostile, hostile)], hostile)",
    "ui.button(hostile, attrs={'data-x': hostile})",
    "ui.icon_button(hostile, 'x')",
    "ui.badge(hostile, hostile)",
    "ui.menu_item(hostile, href='/desk/', attrs={'data-x': hostile})",
    "ui.empty(hostile, hostile)",
    "ui.check('name', hostile, hint=hostile)",
    "ui.language(hostile)",
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.split("(")[0])
def test_macros_escape_what_they_are_given(environment: Environment, call: str) -> None:
    template = environment.from_string('{% import "parts/ui.html" as ui with context %}{{ ' + call + " }}")
    html = template.render(hostile=HOSTILE, t=load_words()["en"])
    assert "<script" not in html
    assert "&lt;script" in html
    assert markup_faults(html, is_part=True) == []


def test_a_name_without_letters_has_an_avatar(environment: Environment) -> None:
    template = environment.from_string('{% import "parts/ui.html" as ui with context %}{{ ui.avatar(name) }}')
    for name, letters in (("", ""), ("   ", ""), ("Anna", "A"), ("anna maria berg", "AB"), ("田中 愛子", "田愛")):
        assert f">{letters}</span>" in template.render(name=name, t=load_words()["en"])


@pytest.mark.parametrize("role", ["agent", "lead", "editor", "admin"])
def test_the_rail_leads_only_where_the_role_may_go(desk: DeskWorld, role: str) -> None:
    client = desk.client("anna", role=role)
    page = client.get("/desk/profile").text
    assert markup_faults(page) == []
    paths = set(re.findall(r'<a class="(?:rail-item|menu-item)"[^>]* href="(/desk/[^"]*)"', page))
    assert "/desk/profile" in paths
    assert {path: status for path in paths if (status := client.get(path).status_code) != 200} == {}


def test_another_language_is_another_folder(
    make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pseudo_language(WORDS, tmp_path / "words", "he")
    monkeypatch.setattr("desk.web.routing.load_words", lambda: load_words(folder))
    page = make_desk().client("noa", role="admin", interface="he").get("/desk/profile").text
    assert '<html lang="he" dir="rtl"' in page
    assert ">Queue<" not in page
    assert "⟦" in page
    assert markup_faults(page) == []


def test_an_error_is_a_page_with_a_way_out(desk: DeskWorld) -> None:
    answer = desk.client("anna").get("/desk/c/unknown")
    assert answer.status_code == 404
    assert 'href="/desk/"' in answer.text
    assert 'role="alert"' in answer.text
    assert markup_faults(answer.text) == []


@pytest.mark.parametrize(("role", "listens"), [("agent", True), ("lead", True), ("admin", True), ("editor", False)])
def test_only_who_may_hear_news_listens_for_them(desk: DeskWorld, role: str, listens: bool) -> None:
    page = desk.client(role, role=role).get("/desk/profile").text  # who is refused would be told "no connection"
    assert ('data-stream="/desk/stream"' in page) is listens
