"""Signing in, staying signed in, signing out."""

import pytest
import sqlalchemy as sa

from core.database import reading
from core.schema_desk import agent_links, agent_sessions
from desk.people.sessions import ABSOLUTE_S, IDLE_S
from desk.web.routing import COOKIE
from tests.desk.people.browser import (
    HASH,
    OTHER,
    PASSWORD,
    link_for,
    log,
    new_browser,
    person,
    row_of,
    sign_in,
    signed_in,
)
from tests.support.desk import HOUR, DeskWorld, MakeDesk

MINUTE = 60.0


def test_somebody_signs_in_and_out(desk: DeskWorld) -> None:
    person(desk)
    client = signed_in(desk)
    assert client.get("/desk/profile").status_code == 200
    assert client.post("/desk/sign-out").headers["location"] == "/desk/sign-in"
    assert client.get("/desk/profile").headers["location"].startswith("/desk/sign-in?next=")
    assert [row.action for row in log(desk)] == ["sign_in", "sign_out"]


@pytest.mark.parametrize("typed", ["anna", "ANNA", "  Anna "])
def test_a_name_is_read_as_it_is_typed(desk: DeskWorld, typed: str) -> None:
    person(desk)
    assert sign_in(new_browser(desk), typed).status_code == 303


@pytest.mark.parametrize(
    ("changes", "password"),
    [
        ({}, "wrong"),
        ({}, ""),
        ({}, PASSWORD + " "),
        ({}, "x" * 10_000),
        ({"state": "disabled"}, PASSWORD),
        ({"password_hash": ""}, ""),
        ({"password_hash": "no hash"}, PASSWORD),
    ],
)
def test_nobody_else_gets_in(desk: DeskWorld, changes: dict[str, str], password: str) -> None:
    person(desk, **changes)
    client = new_browser(desk)
    answer = sign_in(client, "anna", password)
    assert answer.status_code == 401
    assert COOKIE not in client.cookies
    assert [row.who for row in log(desk, "sign_in_failed")] == ["anna"]


@pytest.mark.parametrize(("role", "home"), [("agent", "/desk/"), ("admin", "/desk/"), ("editor", "/desk/profile")])
def test_each_role_begins_where_it_may_read(desk: DeskWorld, role: str, home: str) -> None:
    person(desk, role=role)
    assert sign_in(new_browser(desk)).headers["location"] == home


@pytest.mark.parametrize(
    ("still", "in_all", "open_"),
    [(IDLE_S - 1, 0, True), (IDLE_S + 1, 0, False), (0, ABSOLUTE_S - 1, True), (0, ABSOLUTE_S + 1, False)],
)
def test_a_session_ends_when_still_or_old(desk: DeskWorld, still: float, in_all: float, open_: bool) -> None:
    person(desk)
    client = signed_in(desk)
    end = desk.clock.now + (in_all or still)
    while in_all and desk.clock.now < end - 7 * HOUR:  # in use all the time
        desk.clock.now += 6 * HOUR
        assert client.get("/desk/profile").status_code == 200
    desk.clock.now = end
    assert (client.get("/desk/profile").status_code == 200) is open_


def test_last_seen_is_written_once_a_minute(desk: DeskWorld) -> None:
    person(desk)
    client = signed_in(desk)
    begun = desk.clock.now
    for later, seen in [(59, begun), (61, begun + 61), (100, begun + 61), (122, begun + 122)]:
        desk.clock.now = begun + later
        client.get("/desk/profile")
        assert row_of(desk, "anna").seen_at == seen


def test_a_hash_of_old_parameters_is_made_anew(desk: DeskWorld) -> None:
    from argon2 import PasswordHasher

    person(desk, password_hash=PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD))
    signed_in(desk)
    made = row_of(desk, "anna").password_hash
    assert "m=19456,t=2,p=1" in made
    signed_in(desk)
    assert row_of(desk, "anna").password_hash == made


def test_a_link_gives_the_first_password(desk: DeskWorld) -> None:
    agent_id = person(desk, password_hash="")
    token = link_for(desk, agent_id)
    client = new_browser(desk)
    for _ in range(3):  # a mail scanner looks, too
        assert "anna" in client.get("/desk/link", params={"token": token}).text
    answer = client.post("/desk/link", data={"token": token, "password": OTHER, "again": OTHER})
    assert answer.status_code == 303
    assert client.get("/desk/profile").status_code == 200
    assert signed_in(desk, password=OTHER)
    assert [row.action for row in log(desk)][:2] == ["password_changed", "sign_in"]


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", "short", "at least 12"),
        ("x1" * 101, "x1" * 101, "at most 200"),
        ("password1234", "password1234", "first"),
        ("PassWord1234", "PassWord1234", "first"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "first"),
        ("348592748591", "348592748591", "first"),
        ("anna12345678", "anna12345678", "first"),
        (OTHER, OTHER + "x", "not the same"),
    ],
)
def test_a_password_must_be_hard_to_guess(desk: DeskWorld, password: str, again: str, says: str) -> None:
    token = link_for(desk, person(desk))
    client = new_browser(desk)
    answer = client.post("/desk/link", data={"token": token, "password": password, "again": again})
    assert answer.status_code == 422
    assert says in answer.text
    assert row_of(desk, "anna").password_hash == HASH
    assert client.get("/desk/link", params={"token": token}).status_code == 200  # not used up


@pytest.mark.parametrize(
    "password",
    ["a b c d e f g", "шесть синих чайников", "七个蓝色的水壶在唱歌呢对吧", "ｆｕｌｌ　ｗｉｄｔｈ　ｗｏｒｄｓ"],
)
def test_a_password_may_be_in_any_letters(desk: DeskWorld, password: str) -> None:
    token = link_for(desk, person(desk))
    new_browser(desk).post("/desk/link", data={"token": token, "password": password, "again": password})
    assert signed_in(desk, password=password)


def test_a_new_link_makes_the_old_one_void(desk: DeskWorld) -> None:
    agent_id = person(desk)
    old, new = link_for(desk, agent_id), link_for(desk, agent_id)
    client = new_browser(desk)
    assert client.get("/desk/link", params={"token": old}).status_code == 404
    assert client.get("/desk/link", params={"token": new}).status_code == 200


@pytest.mark.parametrize(
    ("settings", "secure"),
    [({}, False), ({"public_url": "https://help.example"}, True), ({"public_url": "http://x"}, False)],
)
def test_cookies_travel_over_https_only_where_there_is_https(
    make_desk: MakeDesk, settings: dict[str, str], secure: bool
) -> None:
    desk = make_desk(**settings)
    person(desk)
    for line in sign_in(new_browser(desk)).headers.get_list("set-cookie"):
        assert "HttpOnly" in line
        assert "SameSite=lax" in line
        assert "Path=/desk" in line
        assert ("Secure" in line) is secure


def test_somebody_who_is_signed_in_needs_no_form(desk: DeskWorld) -> None:
    person(desk)
    client = signed_in(desk)
    assert client.get("/desk/sign-in?next=/desk/profile").headers["location"] == "/desk/profile"


def test_the_page_speaks_the_browsers_language(desk: DeskWorld) -> None:
    client = new_browser(desk)
    assert 'lang="zh"' in client.get("/desk/sign-in", headers={"accept-language": "zh-CN,zh;q=0.9"}).text
    assert 'lang="en"' in client.get("/desk/sign-in", headers={"accept-language": "xx"}).text


def test_old_sessions_and_links_are_forgotten(desk: DeskWorld) -> None:
    agent_id = person(desk)
    for _ in range(3):
        signed_in(desk)
        link_for(desk, agent_id)
    desk.clock.now += 40 * 24 * HOUR
    signed_in(desk)
    link_for(desk, agent_id)
    with reading(desk.engine) as connection:
        for table in (agent_sessions, agent_links):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 1
