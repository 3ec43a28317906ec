"""Who may see what everybody did."""

import csv
import io
import re
from functools import partial

import pytest

from conversations.contacts import Contacts
from desk.audit import audit
from tests.desk.people.browser import log, person
from tests.support.desk import DeskWorld

DAY = 86_400.0


def write_rows(desk: DeskWorld) -> None:
    """Actions in two markets and in none."""
    person(desk, "anna", markets=["DE"])
    person(desk, "fred", markets=["FR"])
    rows = [
        ("agent:anna", "reply", "c-1", "DE"),
        ("agent:fred", "reply", "c-2", "FR"),
        ("agent:anna", "compensate", "c-1", "DE"),
        ("agent:root", "account_changed", "agent:anna", ""),
        ("agent:root", "account_changed", "agent:fred", ""),
        ("agent:anna", "sign_in", "agent:anna", ""),
        ("fred", "sign_in_failed", "agent:fred", ""),
    ]
    with desk.engine.begin() as connection:
        for number, (who, action, target, market) in enumerate(rows):
            at = desk.clock() - DAY * (len(rows) - number)
            audit(connection, who, action, target=target, market=market, details={"number": number}, now=at)


def shown(desk: DeskWorld, viewer: dict, query: str = "") -> list[int]:
    """Numbers of the rows in the download, the newest first."""
    text = desk.client(**viewer).get(f"/desk/audit.csv{query}").text.removeprefix("\ufeff")
    rows = csv.DictReader(io.StringIO(text))
    return [int(row["details"].split(": ")[1].rstrip("}")) for row in rows if "number" in row["details"]]


@pytest.mark.parametrize(
    ("viewer", "numbers"),
    [
        ({"name": "root", "role": "admin"}, [6, 5, 4, 3, 2, 1, 0]),
        ({"name": "boss", "role": "lead"}, [6, 5, 4, 3, 2, 1, 0]),
        ({"name": "lena", "role": "lead", "markets": ["DE"]}, [2, 0]),
        ({"name": "luc", "role": "lead", "markets": ["FR"]}, [1]),
        ({"name": "adm", "role": "admin", "markets": ["DE"]}, [5, 3, 2, 0]),
        ({"name": "none", "role": "lead", "markets": ["JP"]}, []),
    ],
    ids=lambda value: value["name"] if isinstance(value, dict) else "",
)
def test_rows_of_ones_markets(desk: DeskWorld, viewer: dict, numbers: list[int]) -> None:
    write_rows(desk)
    assert shown(desk, viewer) == numbers


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?who=anna", [5, 2, 0]),
        ("?who=agent:anna", [5, 2, 0]),
        ("?who=fred", [6, 1]),
        ("?action=reply", [1, 0]),
        ("?market=FR", [1]),
        ("?target=c-1", [2, 0]),
        ("?target=anna", [5, 3]),
        ("?who=anna&market=DE&action=reply", [0]),
        ("?who=' OR 1=1 --", []),
        ("?from=2026-11-16", [6, 5]),
        ("?to=2026-11-13", [2, 1, 0]),
        ("?from=2026-11-14&to=2026-11-14", [3]),
    ],
)
def test_filters(desk: DeskWorld, query: str, numbers: list[int]) -> None:
    write_rows(desk)
    assert shown(desk, {"name": "root", "role": "admin"}, query) == numbers


@pytest.mark.parametrize(
    "query", ["?from=yesterday", "?to=9999-12-31", "?before=x", "?before=-1", "?before=" + "9" * 30]
)
def test_wrong_filters_are_refused(desk: DeskWorld, query: str) -> None:
    assert desk.client("root", role="admin").get(f"/desk/audit{query}").status_code == 422


def test_pages(desk: DeskWorld) -> None:
    client = desk.client("root", role="admin")
    with desk.engine.begin() as connection:
        for number in range(250):
            audit(connection, "agent:x", "reply", target=f"c-{number}", market="DE", now=desk.clock())
    seen: list[str] = []
    address = "/desk/audit?action=reply"
    while address:
        page = client.get(address).text
        seen += [part.partition("<")[0] for part in page.split(">c-")[1:]]
        address = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == [str(number) for number in reversed(range(250))]


def test_a_download_holds_no_formulas_and_is_written_down(desk: DeskWorld) -> None:
    with desk.engine.begin() as connection:
        for cell in ("=1+1", "+1", "-1", "@x", "\t=1"):
            audit(connection, cell, "reply", target=cell, market="DE", now=desk.clock())
    answer = desk.client("root", role="admin").get("/desk/audit.csv?action=reply")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]
    assert len(rows) == 5
    assert all(row[2].startswith("'") and row[5].startswith("'") for row in rows)
    assert log(desk, "audit_downloaded")[0].details == {"rows": 5}


@pytest.mark.parametrize("role", ["agent", "editor"])
def test_it_is_not_for_everybody(desk: DeskWorld, role: str) -> None:
    client = desk.client("anna", role=role)
    assert client.get("/desk/audit").status_code == 403
    assert client.get("/desk/audit.csv").status_code == 403


def test_actions_have_names_and_details_can_be_read(desk: DeskWorld) -> None:
    write_rows(desk)
    page = desk.client("root", role="admin").get("/desk/audit?action=account_changed").text
    assert "account changed" in page
    assert "number: <bdi>4</bdi>" in page
    assert 'href="/desk/c/c-' not in page
    assert 'href="/desk/c/c-1"' in desk.client("root").get("/desk/audit?action=reply").text


@pytest.mark.parametrize(
    ("interface", "shown"),
    [("en", "Role: Lead · Markets: all"), ("zh", "角色： 主管 · 市场： 全部")],
)
def test_roles_and_markets_are_called_as_in_the_rest_of_the_desk(desk: DeskWorld, interface: str, shown: str) -> None:
    with desk.engine.begin() as connection:
        details = {"role": "lead", "markets": ["*"]}
        audit(connection, "agent:root", "account_created", target="agent:lea", details=details, now=desk.clock())
    page = desk.client("root", role="admin", interface=interface).get("/desk/audit?action=account_created").text
    assert shown.casefold() in " ".join(re.sub(r"<[^>]+>", " ", page).split()).casefold()


def row_of(page: str, action: str) -> str:
    """The cells of the row with this action, as they are read."""
    [row] = [part for part in page.partition("<tbody>")[2].split("<tr>") if f"<td>{action}</td>" in part]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


@pytest.mark.parametrize(
    ("interface", "action", "words"),
    [
        ("en", "took the conversation", ("Anna", "Kim Lee", "had seen up to message: 1")),
        ("en", "asked for a lead", ("Anna", "Kim Lee", "with a note: yes")),
        ("en", "presence changed", ("Anna", "presence: away")),
        ("en", "account changed", ("Root", "Anna", "Language of the desk: English → Chinese (simplified)")),
        ("zh", "接手会话", ("Anna", "Kim Lee")),
    ],
)
def test_people_and_customers_have_names(desk: DeskWorld, interface: str, action: str, words: tuple[str, ...]) -> None:
    person(desk, "anna", markets=["DE"])
    conversation_id = desk.waiting(sender="kim").conversation_id
    Contacts(desk.engine, desk.clock).wrote("webchat", "", "kim", desk.clock(), "Kim  Lee", {})
    anna = desk.client("anna", partial=True)
    anna.post(f"/desk/c/{conversation_id}/take", data={"seen": "1"})
    anna.post(f"/desk/c/{conversation_id}/escalate", data={"seen": "1", "note": "Bitte ansehen"})
    with desk.engine.begin() as connection:
        write = partial(audit, connection, target="agent:anna", now=desk.clock())
        write("agent:anna", "presence_changed", details={"presence": "away"})
        write("agent:root", "account_changed", details={"interface": {"from": "en", "to": "zh"}})
    root = desk.client("root", role="admin", interface=interface)
    page = root.get("/desk/audit").text
    found = row_of(page, action)
    assert all(word in found for word in words)
    assert f'href="/desk/c/{conversation_id}"' in page
    assert conversation_id not in re.sub(r"<[^>]+>", "", page)
    assert "agent:" not in re.sub(r"<[^>]+>", "", page)


def test_who_has_no_name_is_called_as_in_the_conversation(desk: DeskWorld) -> None:
    conversation_id = desk.waiting(sender="visitor-0042").conversation_id
    desk.client("anna", partial=True).post(f"/desk/c/{conversation_id}/take", data={"seen": "1"})
    assert "Visitor 0042" in desk.client("root", role="admin").get("/desk/audit").text
    assert conversation_id in desk.client("root").get("/desk/audit.csv").text


def test_every_detail_of_the_log_has_a_word(desk: DeskWorld) -> None:
    """What somebody does at the desk, walked through: no code is left but in the download."""
    first = desk.waiting(sender="kim").conversation_id
    anna = desk.client("anna", partial=True)
    forms = {
        "take": {},
        "assign": {"agent": "anna"},
        "escalate": {"note": "x"},
        "notes": {"key": "a" * 32, "text": "@anna"},
        "hand-back": {"outcome": "done", "order_number": "", "language": "de", "note": ""},
    }
    for name, form in forms.items():
        anna.post(f"/desk/c/{first}/{name}", data={"seen": "1", **form})
    anna.get(f"/desk/c/{first}/export.json")
    page = desk.client("root", role="admin").get("/desk/audit").text.partition("<tbody>")[2].partition("</tbody>")[0]
    text = re.sub(r"<[^>]+>", "", page)
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b|[{}\[\]]|\b(?:true|false|null)\b", text)
