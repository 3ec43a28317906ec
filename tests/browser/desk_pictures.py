"""Pictures of the desk for docs/images: `python -m tests.browser.desk_pictures [FOLDER]`. Needs a built release."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import sync_playwright

from core.schema_desk import surveys
from core.settings import PROJECT
from knowledge.release_holder import ReleaseHolder
from tests.browser.conftest import ARGUMENTS
from tests.browser.desk_day import Day, a_day
from tests.support.desk import DeskWorld
from tests.support.desk_site import PHONE, DeskSite, settle
from tests.support.installation import install

FOLDER = PROJECT / "docs" / "images"
MAX_BYTES = 250_000
DESK = {"width": 1210, "height": 690}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
}


def addresses(day: Day) -> Mapping[str, tuple[str, str]]:
    """(who, path) by picture."""
    return {
        "sign-in": ("", "/sign-in"),
        "queue": ("lena", "/queue?view=people"),
        "conversation": ("anna", f"/c/{day.mine}"),
        "arabic": ("lena", f"/c/{day.arabic}"),
        "alerts": ("lena", "/alerts"),
        "compensations": ("lena", "/compensations"),
        "surveys": ("lena", "/surveys"),
        "chinese": ("mei", f"/c/{day.mine}"),
        "people": ("root", "/people"),
        "audit": ("lena", "/audit"),
        "profile": ("anna", "/profile"),
    }


def _answer_surveys(world: DeskWorld, day: Day) -> None:
    """What customers said afterwards."""
    now = world.clock()
    said = [
        (day.mine, "DE", "de", 5, "Sehr schnelle Hilfe, danke!"),
        (day.closed, "DE", "de", 4, ""),
        (day.arabic, "SA", "ar", 2, "انتظرت طويلا"),
        (day.bot, "US", "en", None, ""),
    ]
    with world.engine.begin() as connection:
        for number, (conversation_id, market, language, score, comment) in enumerate(said):
            connection.execute(
                sa.insert(surveys).values(
                    id=f"survey-{number}",
                    conversation_id=conversation_id,
                    agent="anna",
                    market=market,
                    language=language,
                    channel="webchat",
                    state="answered" if score else "asked",
                    score=score,
                    comment=comment,
                    created_at=now,
                    asked_at=now,
                    answered_at=now if score else None,
                )
            )


@contextmanager
def open_site() -> Iterator[tuple[DeskSite, Day]]:
    """A desk on a day, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        installation = install(Path(folder) / "var")
        holder = ReleaseHolder(installation.settings, installation.engine, with_vectors=False)
        world = DeskWorld(Path(folder), holder, installation.settings)
        day = a_day(world)
        _answer_surveys(world, day)
        world.add_agent("mei", role="lead", display_name="王美", languages=["zh", "en"], interface="zh")
        world.add_agent("root", role="admin", display_name="Ruth Oduya")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        site = DeskSite(world, browser)
        with site.server:
            yield site, day
            site.close()
        browser.close()


def main() -> int:
    """Make every picture; the number of those that are too large."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    only = set(sys.argv[2:])
    folder.mkdir(parents=True, exist_ok=True)
    large = 0
    with open_site() as (site, day):
        for name, (who, path) in addresses(day).items():
            for look, options in LOOKS.items():
                if only and name not in only:
                    continue
                page = site.page(who, path, **options)
                settle(page)
                target = folder / f"desk-{name}-{look}.png"
                page.screenshot(path=target)
                page.context.close()
                large += target.stat().st_size > MAX_BYTES
        sys.stderr.write("".join(f"{fault}\n" for fault in site.faults))
    return large


if __name__ == "__main__":
    sys.exit(main())
