"""Sign-in, profile, accounts and audit log in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desk.people.browser import OTHER, PASSWORD, link_for, person
from tests.support.desk import DeskWorld, MakeDesk
from tests.support.desk_site import PHONE, SMALL, WIDE, DeskSite, sideways, violations

pytestmark = pytest.mark.browser
SCREENS = [
    pytest.param({"viewport": WIDE}, id="wide"),
    pytest.param({"viewport": PHONE, "color_scheme": "dark"}, id="phone-dark"),
    pytest.param({"viewport": SMALL, "locale": "zh-CN"}, id="small-zh"),
]


def fill_in(page: Page, name: str, password: str) -> None:
    """The sign-in form, sent."""
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("main [type=submit]").click()


def people(desk: DeskWorld, interface: str) -> None:
    """Some of each kind."""
    person(desk, "anna", role="admin", display_name="Anna Berger", interface=interface)
    person(desk, "bert", role="lead", display_name="Bert 太田", markets=["DE", "JP", "US", "GB", "FR"])
    person(desk, "cleo", display_name="Cleo", markets=["FR"], state="disabled")
    person(desk, "dora", display_name="Dora", markets=["SA"], password_hash="", seen_at=None)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_can_be_read_by_everybody(make_desk: MakeDesk, browser: Browser, screen: dict) -> None:
    desk = make_desk()
    site = DeskSite(desk, browser)
    people(desk, "zh" if "locale" in screen else "en")
    token = link_for(desk, "id-dora")
    with site.server:
        page = site.page("", "/sign-in?next=/desk/profile", **screen)
        try:
            look(page, "sign-in")
            fill_in(page, "anna", "wrong password")
            expect(page.locator("[role=alert]").first).to_be_visible()
            look(page, "sign-in-wrong")
            site.open(page, f"/link?token={token}")
            look(page, "link")
            expect(page.locator("[data-browser-zone]")).not_to_have_value("")
            site.open(page, "/link?token=over")
            look(page, "link-over")
            site.open(page, "/sign-in?next=/desk/profile")
            fill_in(page, "anna", PASSWORD)
            page.wait_for_url("**/desk/profile")
            look(page, "profile")
            for path in ("/people", "/people/new", "/people/id-bert", "/people/id-cleo", "/audit", "/audit?who=nobody"):
                site.open(page, path)
                look(page, path.strip("/").replace("/", "-").replace("?", "-"))
            assert not site.faults
        finally:
            site.close()


def look(page: Page, name: str) -> None:
    """No fault of accessibility, nothing that must be scrolled sideways."""
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    assert violations(page) == [], name
    assert sideways(page) <= 0, name


def test_an_account_from_its_making_to_its_end(make_desk: MakeDesk, browser: Browser) -> None:
    desk = make_desk()
    site = DeskSite(desk, browser)
    with site.server:
        try:
            admin = site.page("root", "/people/new", agent={"role": "admin"})
            admin.locator("[name=name]").fill("nina")
            admin.locator("[name=display_name]").fill("Nina")
            admin.get_by_label("DE ·").check()
            admin.locator("main form [type=submit]").last.click()
            expect(admin.locator("#languages-error")).to_be_visible()  # nobody's languages are guessed
            admin.locator("#language-1").select_option("de")
            admin.locator("main form [type=submit]").last.click()
            link = admin.locator("#link-address").input_value()
            nina = site.page("")
            nina.goto(f"{site.server.url}{link[link.index('/desk/') :]}")
            nina.locator("[name=password]").fill(OTHER)
            nina.locator("[name=again]").fill(OTHER)
            nina.locator("main [type=submit]").click()
            nina.wait_for_function("!location.pathname.includes('link')")
            site.open(nina, "/profile")
            expect(nina.locator("h1")).to_be_visible()
            site.open(admin, "/people")
            admin.get_by_role("link", name="Nina").click()
            admin.locator("form[action$='/disable'] button").click()
            admin.locator("[data-confirm-yes]").click()
            expect(admin.locator("form[action$='/enable']")).to_be_visible()
            nina.goto(f"{site.url}/profile")
            expect(nina.locator("[name=password]")).to_be_visible()  # the door again
        finally:
            site.close()
