"""What an attacker tries against sessions: stolen cookies, planted ones, others' sessions."""

import pytest
from starlette.testclient import TestClient

from desk.people.sessions import digest_of
from desk.web.routing import COOKIE
from tests.desk.people.browser import OTHER, PASSWORD, form_of, link_for, new_browser, person, sign_in, signed_in
from tests.support.desk import DeskWorld


def thief_of(desk: DeskWorld, victim: TestClient) -> TestClient:
    """A browser with a copy of the victim's cookie."""
    thief = new_browser(desk)
    thief.cookies.set(COOKIE, victim.cookies[COOKIE])
    assert thief.get("/desk/profile").status_code == 200
    return thief


# --- a stolen cookie --------------------------------------------------------------------------------------------------


def _sign_out(desk: DeskWorld, victim: TestClient) -> None:
    victim.post("/desk/sign-out")


def _everywhere(desk: DeskWorld, victim: TestClient) -> None:
    signed_in(desk).post("/desk/sign-out/everywhere")


def _own_password(desk: DeskWorld, victim: TestClient) -> None:
    form = {"present": PASSWORD, "password": OTHER, "again": OTHER}
    assert signed_in(desk).post("/desk/profile/password", data=form).status_code == 303


def _link(desk: DeskWorld, victim: TestClient) -> None:
    token = link_for(desk, "id-anna")
    assert new_browser(desk).post("/desk/link", data={"token": token, "password": OTHER, "again": OTHER}).is_redirect


def _disabled(desk: DeskWorld, victim: TestClient) -> None:
    desk.client("root", role="admin").post("/desk/people/id-anna/disable")


def _role(desk: DeskWorld, victim: TestClient) -> None:
    form = form_of(role="lead", **{"market.*": "1"})
    assert desk.client("root", role="admin").post("/desk/people/id-anna", data=form).is_redirect


def _markets(desk: DeskWorld, victim: TestClient) -> None:
    assert desk.client("root", role="admin").post("/desk/people/id-anna", data=form_of()).is_redirect


def _that_session(desk: DeskWorld, victim: TestClient) -> None:
    form = {"session": digest_of(victim.cookies[COOKIE])[:16]}
    assert signed_in(desk).post("/desk/profile/sessions/end", data=form).is_redirect


@pytest.mark.parametrize(
    "what", [_sign_out, _everywhere, _own_password, _link, _disabled, _role, _markets, _that_session]
)
def test_a_stolen_cookie_is_worth_nothing_after(desk: DeskWorld, what) -> None:
    person(desk)
    victim = signed_in(desk)
    thief = thief_of(desk, victim)
    what(desk, victim)
    assert thief.get("/desk/profile").headers["location"].startswith("/desk/sign-in")


def test_whoever_changes_the_password_stays(desk: DeskWorld) -> None:
    person(desk)
    client = signed_in(desk)
    client.post("/desk/profile/password", data={"present": PASSWORD, "password": OTHER, "again": OTHER})
    assert client.get("/desk/profile").status_code == 200


def test_the_database_holds_no_token(desk: DeskWorld) -> None:
    person(desk)
    client = signed_in(desk)
    token, link = client.cookies[COOKIE], link_for(desk, "id-anna")
    desk.engine.dispose()
    dump = b"".join(path.read_bytes() for path in desk.settings.data_dir.glob("*.db*"))
    assert token.encode() not in dump
    assert link.encode() not in dump
    assert PASSWORD.encode() not in dump


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_cannot_be_fixed(desk: DeskWorld) -> None:
    person(desk)
    client = new_browser(desk)
    client.cookies.set(COOKIE, "planted", domain="desk.test", path="/desk")
    sign_in(client)
    tokens = {cookie.value for cookie in client.cookies.jar if cookie.name == COOKIE}
    assert "planted" not in tokens
    before = tokens.pop()
    sign_in(client)
    again = {cookie.value for cookie in client.cookies.jar if cookie.name == COOKIE}
    assert before not in again
    assert desk.parts.deps.doorkeeper.viewer(before) is None


def test_sessions_of_one_person_are_bounded(desk: DeskWorld) -> None:
    person(desk)
    first = signed_in(desk)
    for _ in range(20):
        desk.clock.now += 1
        desk.session("anna")
    assert first.get("/desk/profile").is_redirect


@pytest.mark.parametrize("session", ["0" * 16, "", "%"])
def test_nobody_ends_anothers_session(desk: DeskWorld, session: str) -> None:
    person(desk)
    victim = signed_in(desk)
    eve = desk.client("eve")
    answer = eve.post("/desk/profile/sessions/end", data={"session": session or digest_of(victim.cookies[COOKIE])[:16]})
    assert answer.status_code in (404, 422)
    assert victim.get("/desk/profile").status_code == 200
