"""Accounts as admins make and change them, and what people change of themselves."""

import pytest

from conversations.ownership import Event
from tests.desk.people.browser import OTHER, PASSWORD, form_of, link_for, log, new_browser, person, row_of, signed_in
from tests.support.desk import DeskWorld


def test_an_admin_adds_somebody_who_then_signs_in(desk: DeskWorld) -> None:
    admin = desk.client("root", role="admin")
    form = form_of("nina", email="Nina@X.Example", **{"market.FR": "1", "skill.baby": "1", "duty.mon": "09:00-17:00"})
    page = admin.post("/desk/people/new", data=form)
    assert page.status_code == 200
    token = page.text.partition("token=")[2].partition('"')[0]
    row = row_of(desk, "nina")
    assert (row.email, row.markets, row.languages, row.skills) == (
        "nina@x.example",
        ["DE", "FR"],
        ["de", "en"],
        ["baby"],
    )
    assert (row.capacity, row.duty_hours, row.role) == (5, {"mon": ["09:00-17:00"]}, "agent")
    browser = new_browser(desk)
    assert browser.post("/desk/link", data={"token": token, "password": OTHER, "again": OTHER}).is_redirect
    assert signed_in(desk, "nina", OTHER)
    assert [row.action for row in log(desk)][:3] == ["account_created", "link_made", "password_changed"]
    assert token not in str([tuple(row) for row in log(desk)])


@pytest.mark.parametrize(
    ("account", "browser", "zone"),
    [
        ({"time_zone": "UTC"}, "Europe/Berlin", "Europe/Berlin"),
        ({"time_zone": "UTC"}, "Mars/Olympus", "UTC"),
        ({"time_zone": "UTC"}, "", "UTC"),
        ({"time_zone": "Asia/Tokyo"}, "Europe/Berlin", "Asia/Tokyo"),
        ({"time_zone": "UTC", "duty_hours": {"mon": ["09:00-17:00"]}}, "Europe/Berlin", "UTC"),
    ],
)
def test_who_has_no_time_zone_gets_that_of_the_browser(
    desk: DeskWorld, account: dict[str, object], browser: str, zone: str
) -> None:
    token = link_for(desk, desk.add_agent("nina", **account))
    form = {"token": token, "password": OTHER, "again": OTHER, "time_zone": browser}
    assert new_browser(desk).post("/desk/link", data=form).is_redirect
    assert row_of(desk, "nina").time_zone == zone


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "x"}, "2 to 40"),
        ({"name": "Ann a"}, "2 to 40"),
        ({"name": "root"}, "already"),
        ({"display_name": " "}, "Check this field"),
        ({"display_name": "x" * 81}, "Check this field"),
        ({"display_name": "x\u202ey"}, "can be shown"),
        ({"email": "nobody"}, "no e-mail"),
        ({"email": "a@b.c, d@e.f"}, "no e-mail"),
        ({"email": "root@x.example"}, "Another account"),
        ({"role": "owner"}, "this role"),
        ({"market.DE": ""}, "at least one market"),
        ({"market.DE": "", "market.XX": "1"}, "at least one market"),
        ({"language.1": "", "language.2": ""}, "at least one language"),
        ({"language.1": "tlh"}, "at least one language"),
        ({"capacity": "0"}, "Check this field"),
        ({"capacity": "many"}, "Check this field"),
        ({"interface": "tlh"}, "does not speak"),
        ({"time_zone": "../etc/passwd"}, "no time zone"),
        ({"duty.mon": "9-17"}, "09:00-12:30"),
        ({"duty.mon": "09:00-17:00, 16:00-18:00"}, "09:00-12:30"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(desk: DeskWorld, changes: dict[str, str], says: str) -> None:
    admin = desk.client("root", role="admin", email="root@x.example")
    page = admin.post("/desk/people/new", data={**form_of("nina"), **changes})
    assert page.status_code == 422
    assert says in page.text
    if "display_name" not in changes:
        assert "New Person" in page.text
    assert not log(desk)


def test_all_that_is_wrong_is_said_at_once(desk: DeskWorld) -> None:
    admin = desk.client("root", role="admin")
    wrong = {"name": "root", "email": "nobody", "time_zone": "Mars", "capacity": "0", "duty.mon": "9-17"}
    page = admin.post("/desk/people/new", data={**form_of("nina"), **wrong}).text
    for says in ("already", "no e-mail", "no time zone", "same time: Check this field", "09:00-12:30"):
        assert says in page
    assert not log(desk)


def test_the_form_for_somebody_else_speaks_of_them(desk: DeskWorld) -> None:
    page = desk.client("lena", role="admin", markets=["JP"]).get("/desk/people/new").text
    assert "That the person reads" in page
    assert "That you read" not in page
    assert 'value="Asia/Tokyo"' in page
    assert "That you read" in desk.client("lena").get("/desk/profile").text


def test_before_switching_off_it_is_said_how_many_they_have(desk: DeskWorld) -> None:
    person(desk)
    admin = desk.client("root", role="admin")
    assert "0 open conversations" in admin.get("/desk/people/id-anna").text
    for answered in (False, True):
        one = desk.waiting().conversation_id
        desk.act(one, Event.TAKE, "anna")
        if answered:
            desk.answer(one, "anna", "Guten Tag", "de")
    text = admin.get("/desk/people/id-anna").text
    assert "They have 2 open conversations; customers who wait in them: 1." in text
    assert "go back to the queue at once" in text


def test_an_admin_of_some_markets_manages_those(desk: DeskWorld) -> None:
    person(desk, markets=["DE"])
    client = desk.client("eve", role="admin", markets=["DE", "FR"])
    assert client.post("/desk/people/new", data=form_of("nina")).status_code == 200
    assert client.post("/desk/people/id-anna", data=form_of(role="lead", **{"market.FR": "1"})).is_redirect
    assert row_of(desk, "anna").markets == ["DE", "FR"]
    page = client.get("/desk/people/id-anna").text
    assert "market.US" not in page
    assert "market.*" not in page


@pytest.mark.parametrize("how", ["disable", "demote", "limit"])
def test_the_last_admin_stays(desk: DeskWorld, how: str) -> None:
    client = desk.client("root", role="admin")
    desk.add_agent("limited", role="admin", markets=["DE"])
    desk.add_agent("gone", role="admin", state="disabled")
    forms = {"demote": form_of(role="lead", **{"market.*": "1"}), "limit": form_of(role="admin")}

    def act() -> int:
        path = "/desk/people/id-root/disable" if how == "disable" else "/desk/people/id-root"
        return client.post(path, data=forms.get(how, {})).status_code

    assert act() == 422
    assert (row_of(desk, "root").role, row_of(desk, "root").state) == ("admin", "active")
    desk.add_agent("second", role="admin")
    assert act() == 303


def test_a_change_says_what_it_changed(desk: DeskWorld) -> None:
    person(desk, markets=["DE"])
    signed_in(desk)
    desk.client("root", role="admin").post("/desk/people/id-anna", data=form_of(role="lead", email="a@x.example"))
    (row,) = log(desk, "account_changed")
    assert (row.who, row.target) == ("agent:root", "agent:anna")
    assert row.details["role"] == {"from": "agent", "to": "lead"}
    assert row.details["email"] == "changed"
    assert row.details["sessions_ended"] == 1


def test_a_change_of_other_things_ends_no_session(desk: DeskWorld) -> None:
    person(desk)
    client = signed_in(desk)
    desk.client("root", role="admin").post("/desk/people/id-anna", data=form_of(capacity="9", **{"market.*": "1"}))
    assert row_of(desk, "anna").capacity == 9
    assert client.get("/desk/profile").status_code == 200


def test_an_admin_who_changes_themself_goes_on(desk: DeskWorld) -> None:
    desk.add_agent("second", role="admin")
    client = desk.client("root", role="admin")
    assert client.post("/desk/people/id-root", data=form_of(role="admin", **{"market.FR": "1"})).is_redirect
    assert client.get("/desk/people").status_code == 200


def test_switched_off_and_on(desk: DeskWorld) -> None:
    person(desk)
    admin = desk.client("root", role="admin")
    admin.post("/desk/people/id-anna/disable")
    assert row_of(desk, "anna").presence == "away"
    assert admin.post("/desk/people/id-anna/link").status_code == 422
    admin.post("/desk/people/id-anna/enable")
    assert signed_in(desk)
    assert [row.action for row in log(desk)] == ["account_disabled", "account_enabled", "sign_in"]


def test_the_form_shows_what_is_stored(desk: DeskWorld) -> None:
    hours = {"mon-wed": ["09:00-12:00", "13:00-17:00"], "sun": ["21:00-01:00"]}
    desk.add_agent("anna", duty_hours=hours, languages=["ja", "zh-Hant"], skills=["home"], markets=["JP"])
    page = desk.client("root", role="admin").get("/desk/people/id-anna").text
    assert page.count("09:00-12:00, 13:00-17:00") == 3
    assert '<option value="zh-Hant" selected>' in page


@pytest.mark.parametrize(
    ("interface", "names"),
    [("en", "English, German, and Thai"), ("zh", "英语、德语和泰语")],
)
def test_languages_are_listed_as_the_desks_language_does(desk: DeskWorld, interface: str, names: str) -> None:
    desk.add_agent("anna", languages=["en", "de", "th"])
    page = desk.client("root", role="admin", interface=interface).get("/desk/people").text
    assert f"<td>{names}</td>" in page


def test_people_change_themselves(desk: DeskWorld) -> None:
    person(desk)
    client = signed_in(desk)
    form = {
        "display_name": "Änna",
        "language.1": "ja",
        "language.2": "de",
        "interface": "zh",
        "time_zone": "Asia/Tokyo",
    }
    assert client.post("/desk/profile", data=form).headers["location"] == "/desk/profile?done=saved"
    row = row_of(desk, "anna")
    assert (row.display_name, row.languages, row.interface, row.time_zone) == ("Änna", ["ja", "de"], "zh", "Asia/Tokyo")
    assert 'lang="zh"' in client.get("/desk/profile").text
    (written,) = log(desk, "profile_changed")
    assert written.details == {"fields": ["display_name", "languages", "interface", "time_zone"]}


def test_a_wrong_profile_is_shown_again(desk: DeskWorld) -> None:
    person(desk)
    form = {"display_name": "Typed", "language.1": "de", "interface": "en", "time_zone": "Mars"}
    page = signed_in(desk).post("/desk/profile", data=form)
    assert page.status_code == 422
    assert "Typed" in page.text
    assert "no time zone" in page.text


@pytest.mark.parametrize(
    ("present", "new", "again", "says"),
    [
        ("wrong", OTHER, OTHER, "not your present"),
        ("", OTHER, OTHER, "not your present"),
        (PASSWORD, "short", "short", "at least 12"),
        (PASSWORD, OTHER, "x", "not the same"),
    ],
)
def test_a_new_password_needs_the_present_one(desk: DeskWorld, present: str, new: str, again: str, says: str) -> None:
    person(desk)
    page = signed_in(desk).post("/desk/profile/password", data={"present": present, "password": new, "again": again})
    assert page.status_code == 422
    assert says in page.text
    assert signed_in(desk)


@pytest.mark.parametrize(("presence", "status"), [("here", 200), ("away", 200), ("gone", 422), ("", 422)])
def test_presence(desk: DeskWorld, presence: str, status: int) -> None:
    client = desk.client("anna", partial=True)
    answer = client.post("/desk/presence", data={"presence": presence})
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == {"presence": presence}
        assert row_of(desk, "anna").presence == presence
    assert desk.client("anna").post("/desk/presence", data={"presence": "away"}).is_redirect


def test_own_sessions_are_listed_with_their_device(desk: DeskWorld) -> None:
    person(desk)
    signed_in(desk).get("/desk/profile", headers={"user-agent": "x"})
    client = new_browser(desk)
    client.headers["user-agent"] = "Browser\x07 of Anna " + "y" * 500
    client.post("/desk/sign-in", data={"name": "anna", "password": PASSWORD})
    page = client.get("/desk/profile").text
    assert "Browser of Anna" in page
    assert page.count('name="session"') == 1  # the other one
    assert "y" * 201 not in page
