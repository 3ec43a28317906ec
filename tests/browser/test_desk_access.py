"""Every page of the desk for everybody: axe-core in light and dark, narrow, from right to left; icons; markup."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from desk.web.words import WORDS, load_words
from knowledge.release_holder import ReleaseHolder
from tests.browser.desk_day import Day, a_day
from tests.support.desk import DeskWorld
from tests.support.desk_site import SMALL, DeskSite, settle, sideways, violations
from tests.support.installation import Installation
from tests.support.markup import markup_faults
from tests.support.pseudo import pseudo_language

pytestmark = pytest.mark.browser

PSEUDO = "he"
PAGES = [
    ("", "/sign-in"),
    ("lena", "/queue"),
    ("lena", "/queue?view=people"),
    ("anna", "/c/{mine}"),
    ("lena", "/c/{arabic}"),
    ("lena", "/c/{bot}"),
    ("anna", "/c/{closed}"),
    ("anna", "/c/unknown"),
    ("lena", "/alerts"),
    ("lena", "/compensations"),
    ("lena", "/surveys"),
    ("lena", "/audit"),
    ("root", "/people"),
    ("root", "/people/new"),
    ("root", "/people/id-anna"),
    ("anna", "/profile"),
]
IDS = [f"{who or 'guest'}:{path}" for who, path in PAGES]
LOST_ICONS = """async () => {
  const uses = [...document.querySelectorAll('svg use')].map(use => use.getAttribute('href'));
  const lost = new Set();
  const sheets = new Map();
  for (const href of uses) {
    const [file, name] = href.split('#');
    if (!sheets.has(file)) {
      const text = await (await fetch(file)).text();
      sheets.set(file, new DOMParser().parseFromString(text, 'image/svg+xml'));
    }
    if (!sheets.get(file).getElementById(name)) lost.add(href.split('/').at(-1));
  }
  return [...lost];
}"""
# Words within a sentence may be small: their line is as high as it is.
SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, textarea, input:not([type=hidden]), summary')]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .filter(one => !one.closest('.visually-hidden, .switch, label, .bubble-text'))
  .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 23.5 || box.height < 23.5))
  .map(([html, box]) => `${html} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory,
    desk_holder: ReleaseHolder,
    desk_installation: Installation,
    browser: Browser,
) -> Iterator[tuple[DeskSite, Day]]:
    """One desk for all these tests, which change nothing; with a made-up language, from right to left."""
    folder: Path = tmp_path_factory.mktemp("access")
    words = load_words(pseudo_language(WORDS, folder / "words", PSEUDO))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.web.routing.load_words", lambda: words)
        world = DeskWorld(folder, desk_holder, desk_installation.settings)
    day = a_day(world)
    world.add_agent("root", role="admin", display_name="Ruth Oduya")
    world.add_agent("noa", role="admin", display_name="Noa Levi", interface=PSEUDO)
    site = DeskSite(world, browser)
    with site.server:
        yield site, day
        site.close()
    assert site.faults == []


def visit(place: tuple[DeskSite, Day], who: str, path: str, **options: Any) -> Page:
    site, day = place
    page = site.page(who, path.format(**vars(day)), **options)
    settle(page)
    return page


@pytest.mark.parametrize(("who", "path"), PAGES, ids=IDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(place: tuple[DeskSite, Day], who: str, path: str, scheme: str) -> None:
    page = visit(place, who, path, color_scheme=scheme, reduced_motion="reduce")
    found = violations(page)
    page.context.close()
    assert found == []


@pytest.mark.parametrize(("who", "path"), PAGES, ids=IDS)
def test_it_fits_a_narrow_screen_and_fingers(place: tuple[DeskSite, Day], who: str, path: str) -> None:
    page = visit(place, who, path, viewport=SMALL)
    found = sideways(page), page.evaluate(SMALL_TARGETS), page.evaluate(LOST_ICONS), violations(page)
    page.context.close()
    assert found == (0, [], [], [])


@pytest.mark.parametrize(("who", "path"), PAGES, ids=IDS)
def test_it_runs_from_right_to_left_in_a_long_language(place: tuple[DeskSite, Day], who: str, path: str) -> None:
    options = {"locale": PSEUDO} if not who else {}
    page = visit(place, who and "noa", path, viewport={"width": 640, "height": 800}, **options)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    found = sideways(page), violations(page)
    page.context.close()
    assert found == (0, [])


@pytest.mark.parametrize(("who", "path"), PAGES, ids=IDS)
def test_the_markup_is_sound(place: tuple[DeskSite, Day], who: str, path: str) -> None:
    site, day = place
    client = site.world.client(who)
    html = client.get(f"/desk{path.format(**vars(day))}").text
    assert markup_faults(html) == []
