"""What an attacker tries to guess: passwords, names, one-time links."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.errors import TooOften
from desk.people.guard import NAME, NAME_AND_ADDRESS, Guard, Try, known_device
from desk.people.links import LINK_S
from desk.people.passwords import Passwords
from desk.web.routing import COOKIE
from tests.desk.people.browser import OTHER, SCRIPT, link_for, log, new_browser, person, row_of, sign_in, signed_in
from tests.support.desk import DeskWorld

# --- guessing ---------------------------------------------------------------------------------------------------------


def test_guessing_is_slowed_and_says_how_long(desk: DeskWorld) -> None:
    person(desk)
    client = new_browser(desk)
    answers = [sign_in(client, "anna", f"guess {number}").status_code for number in range(NAME_AND_ADDRESS.amount)]
    assert set(answers) == {401}
    refused = sign_in(client)  # the right one does not help either
    assert refused.status_code == 429
    assert 590 <= int(refused.headers["retry-after"]) <= 600
    assert "10 minutes" in refused.text
    desk.clock.now += 601
    assert sign_in(client).status_code == 303


def test_guessing_names_from_one_address_is_slowed(desk: DeskWorld) -> None:
    client = new_browser(desk)
    answers = [sign_in(client, f"name{number}", "guess guess").status_code for number in range(41)]
    assert answers == [401] * 40 + [429]
    assert sign_in(client, "other", address="203.0.113.9").status_code == 401


def test_parallel_guesses_count(desk: DeskWorld) -> None:

    guard = Guard(desk.engine, desk.clock)

    def guess(_: int) -> bool:
        try:
            guard.count(Try("anna", "203.0.113.1"))
        except TooOften:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(24))) == NAME_AND_ADDRESS.amount


def test_nobody_can_lock_somebody_out(desk: DeskWorld) -> None:
    person(desk)
    owner = signed_in(desk)
    owner.post("/desk/sign-out")
    for number in range(NAME.amount):  # from everywhere
        sign_in(new_browser(desk), "anna", "guess guess", address=f"198.51.100.{number}")
    stranger = sign_in(new_browser(desk), address="203.0.113.7")
    assert stranger.status_code == 429
    assert sign_in(owner).status_code == 303  # their browser is known
    token = link_for(desk, "id-anna")
    answer = new_browser(desk).post("/desk/link", data={"token": token, "password": OTHER, "again": OTHER})
    assert answer.status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "abc." + "0" * 64, "é.x", "." * 300])
def test_a_forged_device_opens_no_window(desk: DeskWorld, cookie: str) -> None:
    assert known_device(desk.settings, "anna", cookie) == ""


def test_a_known_device_is_known_for_its_person_only_and_has_a_limit(desk: DeskWorld) -> None:
    person(desk)
    person(desk, "bert")
    owner = signed_in(desk)
    owner.post("/desk/sign-out")
    for _ in range(NAME_AND_ADDRESS.amount):
        sign_in(owner, "bert", "guess guess")
    assert sign_in(owner, "bert").status_code == 429
    answers = [sign_in(owner, "anna", "guess guess").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_an_address_that_is_made_up_does_not_help(desk: DeskWorld) -> None:
    person(desk)
    client = desk.client()  # its peer is no trusted proxy
    for number in range(NAME_AND_ADDRESS.amount):
        sign_in(client, "anna", "guess guess", address=f"198.51.100.{number}")
    assert sign_in(client, address="198.51.100.99").status_code == 429


def test_limits_hold_across_a_restart(desk: DeskWorld, make_desk) -> None:
    tried = Try("anna", "203.0.113.1")
    for _ in range(NAME_AND_ADDRESS.amount):
        Guard(desk.engine, desk.clock).count(tried)
    with pytest.raises(TooOften):
        Guard(desk.engine, desk.clock).count(tried)


def test_a_success_forgives_the_person_and_not_the_address(desk: DeskWorld) -> None:
    person(desk)
    client = new_browser(desk)
    for number in range(39):
        sign_in(client, f"name{number}", "guess guess")
    for _ in range(3):
        assert sign_in(client).status_code == 303
    strange = new_browser(desk)
    assert sign_in(strange, "name77", "guess guess").status_code == 401
    assert sign_in(strange, "name78", "guess guess").status_code == 429


# --- learning names ---------------------------------------------------------------------------------------------------


def test_a_wrong_name_looks_like_a_wrong_password(desk: DeskWorld) -> None:
    person(desk)
    person(desk, "disabled77", state="disabled")
    person(desk, "invited77", password_hash="")
    pages = {
        sign_in(new_browser(desk), name, "guess guess").text.replace(name, "NAME")
        for name in ("anna", "disabled77", "invited77", "nobody77")
    }
    assert len(pages) == 1


def test_a_wrong_name_takes_as_much_work(desk: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    verify = Passwords.verify

    def counted(self: Passwords, stored: str, password: str) -> bool:
        hasher = self._hasher
        self._hasher = type(
            "Hasher", (), {"verify": lambda _, made, given: worked.append(made[:30]) or hasher.verify(made, given)}
        )()
        try:
            return verify(self, stored, password)
        finally:
            self._hasher = hasher

    monkeypatch.setattr(Passwords, "verify", counted)
    person(desk)
    person(desk, "new", password_hash="")
    for name in ("anna", "new", "nobody"):
        sign_in(new_browser(desk), name, "guess guess")
    assert len(worked) == 3
    assert len({made.split("$")[3] for made in worked}) == 1  # the same parameters


@pytest.mark.parametrize("typed", ["My Secret Password!", "x" * 5_000, SCRIPT, "correct horse"])
def test_what_looks_unlike_a_name_is_not_written_down(desk: DeskWorld, typed: str) -> None:
    sign_in(new_browser(desk), typed, "my password")
    (row,) = log(desk, "sign_in_failed")
    assert (row.who, row.target, row.details) == ("unknown", "", {})


# --- one-time links ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["twice", "expired", "guessed", "empty", "long", "disabled"])
def test_a_link_is_good_once_and_for_a_day(desk: DeskWorld, how: str) -> None:
    agent_id = person(desk)
    token = link_for(desk, agent_id)
    client = new_browser(desk)
    if how == "twice":
        assert client.post("/desk/link", data={"token": token, "password": OTHER, "again": OTHER}).is_redirect
    elif how == "expired":
        desk.clock.now += LINK_S + 1
    elif how == "disabled":
        desk.client("root", role="admin").post("/desk/people/id-anna/disable")
        desk.client("root").post("/desk/people/id-anna/enable")
    token = {"guessed": "x" * 43, "empty": "", "long": "x" * 9_000}.get(how, token)
    before = row_of(desk, "anna").password_hash
    eve = new_browser(desk)
    third = "three red boats float"
    assert eve.post("/desk/link", data={"token": token, "password": third, "again": third}).status_code == 404
    assert eve.get("/desk/link", params={"token": token[:500]}).status_code == 404
    assert row_of(desk, "anna").password_hash == before
    assert COOKIE not in eve.cookies


def test_guessing_links_is_slowed(desk: DeskWorld) -> None:
    client = new_browser(desk)
    answers = [client.get("/desk/link", params={"token": f"guess{number}"}).status_code for number in range(21)]
    assert answers == [404] * 20 + [429]
