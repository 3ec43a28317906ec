"""Who comes to the sign-in page because a session has ended is told so, in words that say nothing of accounts."""

import pytest

from desk.people.sessions import end_sessions
from desk.web.routing import COOKIE
from desk.web.words import load_words
from tests.desk.people.browser import PASSWORD, person
from tests.support.desk import DeskWorld

ENDED = load_words()["en"]("people.sign_in.ended")


def test_after_a_session_has_ended_elsewhere_the_page_says_so(desk: DeskWorld) -> None:
    client = desk.client("anna")
    with desk.engine.begin() as connection:
        end_sessions(connection, "id-anna", desk.clock())
    answer = client.get("/desk/queue", follow_redirects=True)
    assert answer.url.path == "/desk/sign-in"
    assert ENDED in answer.text


def test_an_unknown_session_reads_the_same_as_one_that_has_ended(desk: DeskWorld) -> None:
    client = desk.client()
    client.cookies.set(COOKIE, "nobody-ever-had-this-one")
    assert ENDED in client.get("/desk/sign-in").text


def test_who_was_never_here_or_has_signed_out_is_told_nothing(desk: DeskWorld) -> None:
    assert ENDED not in desk.client().get("/desk/sign-in").text
    person(desk, "anna")
    client = desk.client()
    client.post("/desk/sign-in", data={"name": "anna", "password": PASSWORD})
    csrf = client.get("/desk/profile").text.partition('name="csrf" content="')[2].partition('"')[0]
    assert client.post("/desk/sign-out", data={"csrf": csrf}).headers["location"] == "/desk/sign-in"
    assert ENDED not in client.get("/desk/sign-in").text


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_a_refused_try_gives_its_own_reason_alone(desk: DeskWorld, name: str) -> None:
    desk.add_agent("anna")
    client = desk.client()
    client.cookies.set(COOKIE, "over")
    answer = client.post("/desk/sign-in", data={"name": name, "password": "wrong"})
    assert answer.status_code == 401
    assert ENDED not in answer.text
