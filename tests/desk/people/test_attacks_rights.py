"""What somebody tries who is signed in, and wants more than is theirs."""

import pytest

from tests.desk.people.browser import form_of, person, row_of, signed_in
from tests.support.desk import DeskWorld


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
