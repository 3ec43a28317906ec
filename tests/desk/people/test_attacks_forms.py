"""What an attacker tries with forms of other sites, addresses to go to, and scripts in what is stored."""

import pytest

from desk.audit import audit
from tests.desk.people.browser import (
    HASH,
    OTHER,
    PASSWORD,
    SCRIPT,
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

# --- forms of others --------------------------------------------------------------------------------------------------


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


# --- where somebody is sent -------------------------------------------------------------------------------------------


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


# --- scripts in what is stored ----------------------------------------------------------------------------------------


def test_what_people_write_is_text(desk: DeskWorld) -> None:
    agent_id = person(desk, display_name=SCRIPT, role="admin", email=f"{SCRIPT}@x.example")
    client = new_browser(desk)
    client.headers["user-agent"] = f'"{SCRIPT}'
    sign_in(client)

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
