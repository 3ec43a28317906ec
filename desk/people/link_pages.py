"""One-time links: opening one shows a form, only sending it uses the link up, so that mail scanners do no harm."""

from starlette.responses import Response

from core.database import reading
from desk.agents import Agent
from desk.people.accounts import By, change_profile, set_password
from desk.people.choices import time_zones
from desk.people.context import Context, browser_of
from desk.people.cookies import address_of
from desk.people.errors import Refused
from desk.people.links import MAX_TOKEN, link_owner, use_link
from desk.people.passwords import LEAST, MOST, check_new_password
from desk.people.sign_in import SignedIn, start_session
from desk.people.sign_in_pages import welcome
from desk.web.ask import Ask
from desk.web.routing import Page

NO_ZONE = "UTC"  # of an account that was made without one


class LinkPages:
    """Handlers."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def pages(self) -> list[Page]:
        """Their addresses."""
        return [Page("/link", self.form, None), Page("/link", self.use, None, "POST")]

    def form(self, ask: Ask) -> Response:
        """The form for a new password; nothing is used up."""
        return self._show(ask, ask.query.get("token", ""))

    def use(self, ask: Ask) -> Response:
        """Signed in with the new password, or the form again."""
        token = ask.form.get("token", "")
        with reading(ask.deps.engine) as connection:
            owner = link_owner(connection, token, ask.now)
        if owner is None:
            return self._show(ask, token)
        try:
            password = read_new_password(ask, owner.name)
        except Refused as refused:
            return self._show(ask, token, ask.words(f"people.refused.{refused.key}", **refused.values))
        done = self._use(ask, token, self._context.passwords.hash(password))
        return welcome(ask, done, "") if done else self._show(ask, token)

    def _use(self, ask: Ask, token: str, password_hash: str) -> SignedIn | None:
        with ask.deps.engine.begin() as connection:
            owner = use_link(connection, token, ask.now)
            if owner is None:
                return None
            by = By(owner.owner, ask.now)
            set_password(connection, owner, password_hash, by)
            if zone := zone_of_browser(ask, owner):
                change_profile(connection, owner, {"time_zone": zone}, by)
            return start_session(connection, owner, browser_of(ask), "link", ask.now)

    def _show(self, ask: Ask, token: str, problem: str = "") -> Response:
        with reading(ask.deps.engine) as connection:
            owner = link_owner(connection, token, ask.now)
        if owner is None:
            self._count(ask)
            return ask.page("people/link_over.html", status=404)
        return ask.page(
            "people/link.html",
            status=422 if problem else 200,
            token=token[:MAX_TOKEN],
            owner=owner,
            problem=problem,
            least=LEAST,
            most=MOST,
        )

    def _count(self, ask: Ask) -> None:
        """Raises TooOften for an address that tries one after the other."""
        self._context.guard(ask.deps).count_link(address_of(ask.request, ask.deps.settings))


def zone_of_browser(ask: Ask, owner: Agent) -> str:
    """Where the browser is, for an account that nobody has given a time zone; empty: it stays as it is.

    Whoever sees every promise in UTC is late by hours. Duty hours are in the account's zone: they would move with it.
    """
    zone = ask.form.get("time_zone", "")
    nobody_chose = owner.time_zone == NO_ZONE and not owner.duty_hours
    return zone if nobody_chose and zone in time_zones() else ""


def read_new_password(ask: Ask, name: str) -> str:
    """The new password, typed twice. Raises Refused."""
    password = ask.form.get("password", "")
    check_new_password(password, name)
    if ask.form.get("again", "") != password:
        raise Refused("again", "password_again")
    return password
