"""Guessing the token of programs is slowed, for the address that guesses and for nobody else."""

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from desk.people.guard import TOKENS
from tests.desk.people.browser import new_browser
from tests.support.desk import DeskWorld, MakeDesk

TOKEN = "token-of-a-program-0123456789abcdef"
GUESS = "guessed-token-0123456789abcdef-0123"
HERE, THERE = "203.0.113.1", "203.0.113.2"


@pytest.fixture
def desk(make_desk: MakeDesk) -> DeskWorld:
    """A desk whose packets a program may read."""
    return make_desk(api_token=SecretStr(TOKEN))


@pytest.fixture
def address(desk: DeskWorld) -> str:
    """Of a packet."""
    return f"/desk/api/conversations/{desk.waiting('Wo ist mein Paket?').conversation_id}/packet"


def call(desk: DeskWorld, address: str, token: str, place: str = HERE):
    """A program's call through a proxy that we trust."""
    headers = {"authorization": f"Bearer {token}", "x-forwarded-for": place}
    return new_browser(desk).get(address, headers=headers)


def test_guesses_of_one_address_are_bounded(desk: DeskWorld, address: str) -> None:
    answers = [call(desk, address, f"{GUESS}{number}").status_code for number in range(TOKENS.amount)]
    assert set(answers) == {401}
    refused = call(desk, address, GUESS)
    assert refused.status_code == 429
    assert 590 <= int(refused.headers["retry-after"]) <= 600
    assert "token" in refused.json()["error"]
    assert call(desk, address, TOKEN).status_code == 429  # else a guess could still be found out to be right
    desk.clock.now += 601
    assert call(desk, address, TOKEN).status_code == 200


def test_a_good_program_is_never_slowed_by_others_nor_by_itself(desk: DeskWorld, address: str) -> None:
    for _ in range(TOKENS.amount + 1):
        call(desk, address, GUESS, THERE)
    for _ in range(TOKENS.amount + 5):
        assert call(desk, address, TOKEN).status_code == 200
    call(desk, address, GUESS)  # it counts no success
    assert call(desk, address, TOKEN).status_code == 200


def test_a_made_up_address_does_not_help(desk: DeskWorld, address: str) -> None:
    client = desk.client()  # its peer is no trusted proxy
    headers = {"authorization": f"Bearer {GUESS}"}
    places = (f"198.51.100.{number}" for number in range(TOKENS.amount))
    answers = [client.get(address, headers={**headers, "x-forwarded-for": place}).status_code for place in places]
    assert set(answers) == {401}
    assert client.get(address, headers={**headers, "x-forwarded-for": "198.51.100.99"}).status_code == 429


def test_who_is_signed_in_is_not_slowed(desk: DeskWorld, address: str) -> None:
    for _ in range(TOKENS.amount + 1):
        call(desk, address, GUESS, "testclient")
    client = desk.client("anna")
    assert client.get(address).status_code == 200
    assert client.get(f"{address}?language=de").status_code == 200


def test_no_log_line_has_a_token(desk: DeskWorld, address: str) -> None:
    with capture_logs() as lines:
        for _ in range(TOKENS.amount + 1):
            call(desk, address, GUESS)
    told = [line["event"] for line in lines]
    assert told.count("api_token_refused") == TOKENS.amount
    assert told.count("api_token_throttled") == 1
    assert GUESS not in str(lines)
    assert HERE not in str(lines)
