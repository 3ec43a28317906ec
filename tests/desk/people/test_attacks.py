"""What an attacker tries against accounts and sessions."""

import pytest
from starlette.testclient import TestClient

from desk.people.guard import NAME, NAME_AND_ADDRESS
from desk.people.links import LINK_S
from desk.people.sessions import digest_of
from desk.web.routing import COOKIE
from tests.desk.people.browser import (
    HASH,
    OTHER,
    PASSWORD,
    csrf_of,
    form_of,
    link_for,
    log,
    new_browser,
    person,
    row_of,
    sign_in,
    signed_in,
)
from tests.support.desk import DeskWorld

SCRIPT = "<script>alert(1)</script>"


def thief_of(desk: DeskWorld, victim: TestClient) -> TestClient:
    """A browser with a copy of the victim's cookie."""
    thief = new_browser(desk)
    thief.cookies.set(COOKIE, victim.cookies[COOKIE])
    assert thief.get("/desk/profile").status_code == 200
    return thief


# --- a stolen cookie -------------------------------------------------------------------------------------------------


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


# --- forms of others -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["", "x", "of another session"])
@pytest.mark.parametrize(
    "path", ["/desk/profile", "/desk/profile/password", "/desk/people/new", "/desk/people/id-anna", "/desk/sign-out"]
)
def test_a_form_without_the_sessions_token_is_refused(desk: DeskWorld, path: str, given: str) -> None:
    person(desk, role="admin")
    client, other = signed_in(desk), signed_in(desk)
    client.headers["x-csrf-token"] = csrf_of(desk, other) if given.startswith("of") else given
    assert client.post(path, data=form_of("eve", csrf=client.headers["x-csrf-token"])).status_code == 403
    assert row_of(desk, "anna").role == "admin"
    assert client.get("/desk/profile").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://desk.test.evil.example"},
        {"origin": "http://desk.test:81"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/link", "/desk/profile", "/desk/presence"])
def test_a_form_of_another_site_is_refused(desk: DeskWorld, path: str, headers: dict[str, str]) -> None:
    person(desk)
    client = signed_in(desk)
    token = link_for(desk, "id-anna")
    form = {"name": "anna", "password": PASSWORD, "again": PASSWORD, "token": token, "presence": "away"}
    assert client.post(path, data=form, headers=headers).status_code == 403
    assert row_of(desk, "anna").presence == "here"


# --- guessing --------------------------------------------------------------------------------------------------------


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
    from concurrent.futures import ThreadPoolExecutor

    from desk.errors import TooOften
    from desk.people.guard import Guard, Try

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
    from desk.people.guard import known_device

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
    from desk.errors import TooOften
    from desk.people.guard import Guard, Try

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


# --- learning names --------------------------------------------------------------------------------------------------


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
    from desk.people.passwords import Passwords

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


# --- sessions --------------------------------------------------------------------------------------------------------


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


# --- one-time links --------------------------------------------------------------------------------------------------


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


# --- more than is theirs ---------------------------------------------------------------------------------------------


def test_the_profile_takes_no_more_than_it_shows(desk: DeskWorld) -> None:
    person(desk, markets=["DE"])
    person(desk, "bert")
    form = form_of("root", role="admin", display_name="Anna B", **{"market.*": "1", "market.US": "1"})
    form |= {"id": "id-bert", "state": "active", "password_hash": "x", "email": "boss@x.example", "capacity": "50"}
    before = row_of(desk, "anna")
    assert signed_in(desk).post("/desk/profile", data=form).is_redirect
    after = row_of(desk, "anna")
    assert after.display_name == "Anna B"
    kept = ("id", "name", "role", "markets", "state", "password_hash", "email", "capacity", "skills", "duty_hours")
    assert all(getattr(after, name) == getattr(before, name) for name in kept)
    assert row_of(desk, "bert").display_name == "Bert"


@pytest.mark.parametrize("role", ["agent", "lead", "editor"])
@pytest.mark.parametrize("path", ["", "/new", "/id-anna", "/id-anna/link", "/id-anna/disable", "/id-anna/enable"])
def test_accounts_are_for_admins(desk: DeskWorld, role: str, path: str) -> None:
    person(desk)
    client = desk.client("eve", role=role)
    assert client.get(f"/desk/people{path}").status_code in (403, 405)
    assert client.post(f"/desk/people{path}", data=form_of("new")).status_code in (403, 405)


@pytest.mark.parametrize("markets", [["FR"], ["DE", "FR"], ["*"]])
@pytest.mark.parametrize("path", ["", "/link", "/disable", "/enable"])
def test_another_markets_admin_sees_and_does_nothing(desk: DeskWorld, path: str, markets: list[str]) -> None:
    person(desk, markets=markets)
    client = desk.client("eve", role="admin", markets=["DE"])
    assert client.get("/desk/people/id-anna").status_code == 404
    assert client.post(f"/desk/people/id-anna{path}", data=form_of()).status_code == 404
    assert "Anna" not in client.get("/desk/people").text
    assert row_of(desk, "anna").state == "active"


@pytest.mark.parametrize("markets", [{"market.*": "1"}, {"market.FR": "1", "market.DE": ""}, {"market.DE": ""}])
def test_nobody_gives_markets_that_they_lack(desk: DeskWorld, markets: dict[str, str]) -> None:
    person(desk, markets=["DE"])
    client = desk.client("eve", role="admin", markets=["DE"])
    assert client.post("/desk/people/new", data=form_of("puppet", **markets)).status_code == 422
    assert client.post("/desk/people/id-anna", data=form_of(**markets)).status_code == 422
    assert client.post("/desk/people/id-eve", data=form_of(role="admin", **markets)).status_code == 422
    assert row_of(desk, "anna").markets == row_of(desk, "eve").markets == ["DE"]


# --- where somebody is sent ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("/desk/c/1?x=1#y", True),
        ("/desk/queue", True),
        ("/desk", True),
        ("https://evil.example/desk/", False),
        ("//evil.example/desk/", False),
        ("/\\evil.example/desk", False),
        ("\\\\evil.example", False),
        ("/desk\\..\\..\\evil", False),
        ("/desk/../admin", False),
        ("/desk//evil.example", False),
        ("/desk/\r\nset-cookie: x=1", False),
        ("javascript:alert(1)", False),
        ("/deskevil", False),
        ("/", False),
        ("desk/queue", False),
        ("/desk/sign-out", False),
        ("/desk/sign-in?next=/desk/", False),
        ("/desk/\u202eevil", False),
        ("/desk/" + "x" * 2_000, False),
    ],
)
def test_after_sign_in_one_stays_here(desk: DeskWorld, wanted: str, there: bool) -> None:
    person(desk)
    client = new_browser(desk)
    assert sign_in(client, next=wanted).headers["location"] == (wanted if there else "/desk/")
    signed = client.get("/desk/sign-in", params={"next": wanted})
    assert signed.headers["location"] == (wanted if there else "/desk/")


# --- scripts in what is stored ---------------------------------------------------------------------------------------


def test_what_people_write_is_text(desk: DeskWorld) -> None:
    agent_id = person(desk, display_name=SCRIPT, role="admin", email=f"{SCRIPT}@x.example")
    client = new_browser(desk)
    client.headers["user-agent"] = f'"{SCRIPT}'
    sign_in(client)
    from desk.audit import audit

    with desk.engine.begin() as connection:
        audit(connection, SCRIPT, SCRIPT, target=SCRIPT, market=SCRIPT[:8], details={SCRIPT: SCRIPT})
    query = {"who": f'"{SCRIPT}', "target": SCRIPT, "action": SCRIPT}
    token = link_for(desk, agent_id)
    pages = [
        client.get("/desk/profile"),
        client.get("/desk/people"),
        client.get(f"/desk/people/{agent_id}"),
        client.get("/desk/audit"),
        client.get("/desk/audit", params=query),
        client.get("/desk/link", params={"token": token}),
        sign_in(new_browser(desk), f'"{SCRIPT}', "x"),
        new_browser(desk).get("/desk/sign-in", params={"next": f'/desk/"{SCRIPT}'}),
    ]
    for page in pages:
        assert page.status_code in (200, 401)
        assert SCRIPT not in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "&lt;script&gt;" in pages[0].text


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/link", "/desk/profile", "/desk/people", "/desk/audit"])
def test_headers_of_every_page(desk: DeskWorld, path: str) -> None:
    person(desk, role="admin")
    headers = signed_in(desk).get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_password_is_in_no_page_and_no_log(desk: DeskWorld) -> None:
    person(desk)
    pages = [sign_in(new_browser(desk), "anna", "my typed password").text]
    client = signed_in(desk)
    form = {"present": "my typed password", "password": OTHER, "again": OTHER}
    pages.append(client.post("/desk/profile/password", data=form).text)
    assert all("my typed password" not in page and OTHER not in page for page in pages)
    written = str([tuple(row) for row in log(desk)])
    assert "typed" not in written
    assert OTHER not in written
    assert row_of(desk, "anna").password_hash == HASH
