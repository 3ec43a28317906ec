"""Coupons, refunds and new parcels: who may grant what, through the desk's door."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from conversations.handoff_rows import Handoff
from conversations.ownership import Event
from core.errors import ContentError
from core.schema_desk import audit_log, compensations, notes
from desk.after import compensation_pages
from desk.after.compensation_model import read_amount
from desk.after.compensation_rules import KINDS, ROLES, load_rules
from desk.errors import InvalidForm
from desk.web.words import load_words
from markets.load import load_markets
from tests.support.desk import DeskWorld
from tests.support.installation import Installation

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "ar", "ja", "ko", "zh", "zh-Hant", "th", "id", "vi")
MARKETS = load_markets(Path("markets/data"))


def ask(client: TestClient, conversation: str, **fields: Any) -> httpx.Response:
    form = {"kind": "coupon", "amount": "10", "reason": "late", "key": "k1", **fields}
    return client.post(f"/desk/c/{conversation}/compensation", data=form)


def mine(desk: DeskWorld, agent: str = "anna", **given: Any) -> Handoff:
    """A customer whose conversation the agent has taken."""
    case = desk.waiting(**given)
    desk.act(case.conversation_id, Event.TAKE, agent)
    return case


def rows(desk: DeskWorld) -> list[Any]:
    with desk.engine.connect() as connection:
        return list(connection.execute(sa.select(compensations).order_by(compensations.c.created_at)))


def test_within_the_role_it_is_granted_written_down_and_noted(desk: DeskWorld) -> None:
    case = mine(desk)
    agent = desk.client("anna", partial=True)
    answer = ask(agent, case.conversation_id, amount="12,50", note="<script>alert(1)</script>")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text
    (row,) = rows(desk)
    assert (row.state, row.amount, row.currency, row.decided_by) == ("granted", "12.50", "EUR", "agent:anna")
    with desk.engine.connect() as connection:
        kinds = connection.execute(sa.select(audit_log.c.action, audit_log.c.details)).all()
        note = connection.execute(sa.select(notes)).one()
    assert [row.action for row in kinds] == ["compensation_granted"]
    assert "script" not in json.dumps(kinds[0].details), "no words of people in the audit"
    assert note.author == "aftersail"
    assert "12.50" in note.text
    assert "€12.50" in answer.text


def test_the_same_form_again_grants_nothing(desk: DeskWorld) -> None:
    case = mine(desk)
    agent = desk.client("anna", partial=True)
    for _ in range(3):
        assert ask(agent, case.conversation_id).status_code == 200
    assert len(rows(desk)) == 1


def test_above_the_role_a_lead_decides_and_nobody_on_their_own(desk: DeskWorld) -> None:
    case = mine(desk)
    agent, lead = desk.client("anna", partial=True), desk.client("lea", role="lead", partial=True)
    ask(agent, case.conversation_id, amount="50")
    (row,) = rows(desk)
    assert row.state == "asked"
    assert row.decided_by is None
    address = f"/desk/c/{case.conversation_id}/compensation/{row.id}"
    assert agent.post(address, data={"decision": "grant"}).status_code == 403
    assert lead.post(address, data={"decision": "grant"}).status_code == 200
    assert rows(desk)[0].state == "granted"
    assert rows(desk)[0].decided_by == "agent:lea"
    assert lead.post(address, data={"decision": "refuse"}).status_code == 409, "decided once"


def alerts_of(client: TestClient) -> list[str]:
    found = re.findall(r"data-unseen>.*?<strong>(.*?)</strong>", client.get("/desk/alerts").text, re.DOTALL)
    return [unescape(text) for text in found]


@pytest.mark.parametrize(("interface", "decision"), [("en", "grant"), ("en", "refuse"), ("zh", "grant")])
def test_leads_are_called_and_then_the_one_who_asked(desk: DeskWorld, interface: str, decision: str) -> None:
    words, case = load_words()[interface], mine(desk)
    agent = desk.client("anna", interface=interface)
    lead, other = desk.client("lea", role="lead", interface=interface), desk.client("lou", role="lead", markets=["US"])
    ask(agent, case.conversation_id, amount="50")
    assert alerts_of(lead) == [words("queue.alert.compensation")]
    assert alerts_of(agent) == alerts_of(other) == []
    (row,) = rows(desk)
    lead.post(f"/desk/compensations/{row.id}", data={"decision": decision})
    assert alerts_of(lead) == [], "nothing is left to decide"
    assert alerts_of(agent) == [words("queue.alert.compensation_decided")]


def test_what_is_granted_at_once_calls_nobody(desk: DeskWorld) -> None:
    case = mine(desk)
    agent, lead = desk.client("anna"), desk.client("lea", role="lead")
    ask(agent, case.conversation_id, amount="10")
    assert alerts_of(agent) == alerts_of(lead) == []


def test_nobody_grants_what_they_asked_for(desk: DeskWorld) -> None:
    case = desk.waiting()
    lead = desk.client("lea", role="lead", partial=True)
    ask(lead, case.conversation_id, amount="150")
    (row,) = rows(desk)
    assert row.state == "asked"
    answer = lead.post(f"/desk/compensations/{row.id}", data={"decision": "grant"})
    assert answer.status_code == 403
    assert answer.json()["error"] == "NotYourOwn"
    other = desk.client("lina", role="lead", partial=True).post(
        f"/desk/compensations/{row.id}", data={"decision": "grant"}
    )
    assert other.status_code == 403
    assert other.json()["error"] == "AboveAuthority"
    boss = desk.client("ada", role="admin", partial=True).post(
        f"/desk/compensations/{row.id}", data={"decision": "grant"}
    )
    assert boss.status_code == 200
    assert rows(desk)[0].state == "granted"


def test_many_small_ones_add_up(desk: DeskWorld) -> None:
    case = mine(desk)
    agent = desk.client("anna", partial=True)
    ask(agent, case.conversation_id, amount="15", key="a")
    ask(agent, case.conversation_id, amount="15", key="b")
    assert [row.state for row in rows(desk)] == ["granted", "asked"]


def test_a_refund_stays_below_the_order(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "delivered")
    case = desk.waiting()
    boss = desk.client("ada", role="admin", partial=True)
    over = str(order.total.amount + 1)
    answer = ask(boss, case.conversation_id, kind="refund", amount=over, order_number=order.number)
    assert answer.status_code == 422
    assert answer.json()["error"] == "OverOrderTotal"
    half = str((order.total.amount / 2).quantize(Decimal("0.01")))
    for key in "abc":
        last = ask(boss, case.conversation_id, kind="refund", amount=half, order_number=order.number, key=key)
    assert last.status_code == 422
    assert sum(Decimal(row.amount) for row in rows(desk)) <= order.total.amount + Decimal("0.01")


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "0"}, {"amount": "-1"}, {"amount": "1e3"}, {"amount": "1.234"}, {"amount": "NaN"}, {"amount": ""},
        {"kind": "gold"}, {"reason": "because"}, {"kind": "refund"}, {"order_number": "ORK-1"}, {"key": ""},
        {"kind": "refund", "order_number": "ORK-4821936"}, {"amount": "999999"},
    ],
)  # fmt: skip
def test_wrong_forms_leave_nothing(desk: DeskWorld, fields: dict[str, str]) -> None:
    case = desk.waiting()
    answer = ask(desk.client("ada", role="admin", partial=True), case.conversation_id, **fields)
    assert answer.status_code in (403, 422), answer.text
    assert rows(desk) == []


def test_named_fields_only(desk: DeskWorld) -> None:
    case = mine(desk)
    agent = desk.client("anna", partial=True)
    more = {"state": "granted", "decided_by": "agent:x", "currency": "USD", "asked_by": "agent:y", "id": "1"}
    ask(agent, case.conversation_id, amount="60", **more)
    (row,) = rows(desk)
    assert (row.state, row.currency, row.asked_by, row.decided_by) == ("asked", "EUR", "agent:anna", None)


def test_an_order_of_another_market_is_none(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("FR", "delivered")
    case = mine(desk)
    answer = ask(desk.client("anna", partial=True), case.conversation_id, order_number=order.number)
    assert answer.status_code == 422
    assert rows(desk) == []


def test_other_markets_see_nothing(desk: DeskWorld) -> None:
    case = mine(desk)
    ask(desk.client("anna", partial=True), case.conversation_id, amount="50")
    (row,) = rows(desk)
    stranger = desk.client("franz", role="lead", markets=["FR"], partial=True)
    assert stranger.get(f"/desk/c/{case.conversation_id}/compensation").status_code == 404
    assert ask(stranger, case.conversation_id).status_code == 404
    assert stranger.post(f"/desk/compensations/{row.id}", data={"decision": "grant"}).status_code == 404
    assert row.id not in stranger.get("/desk/compensations").text
    assert stranger.get("/desk/compensations.json").json()["compensations"] == []


def test_only_who_has_it_or_a_lead_gives(desk: DeskWorld) -> None:
    case = mine(desk)
    ben, lead, boss = (
        desk.client("ben", partial=True),
        desk.client("lea", role="lead"),
        desk.client("ada", role="admin"),
    )
    for amount in ("10", "50"):
        answer = ask(ben, case.conversation_id, amount=amount)
        assert (answer.status_code, answer.json()["error"]) == (409, "NotYours"), "neither given nor asked for"
    assert rows(desk) == []
    for number, client in enumerate((desk.client("anna", display_name="Anna"), lead, boss)):
        assert ask(client, case.conversation_id, key=f"k{number}").status_code == 200
    assert [row.asked_by for row in rows(desk)] == ["agent:anna", "agent:lea", "agent:ada"]


@pytest.mark.parametrize("interface", ["en", "zh"])
def test_an_agent_sees_why_not(desk: DeskWorld, interface: str) -> None:
    words, ben = load_words()[interface], desk.client("ben", interface=interface)

    def shown(conversation: str) -> str:
        return unescape(ben.get(f"/desk/c/{conversation}/compensation").text)

    desk.client("anna", display_name="Anna Öz")
    waiting, theirs, bots = desk.waiting(), mine(desk), desk.write("Hallo", sender="bots").conversation.id
    assert words("compensation.not_yours.queue") in shown(waiting.conversation_id)
    assert words("compensation.not_yours.other", name="Anna Öz") in shown(theirs.conversation_id)
    assert words("compensation.not_yours.bot") in shown(bots)
    assert "<form" not in shown(waiting.conversation_id) + shown(theirs.conversation_id) + shown(bots)
    desk.act(theirs.conversation_id, Event.CLOSE, "anna")
    assert words("compensation.not_yours.closed") in shown(theirs.conversation_id)
    desk.act(waiting.conversation_id, Event.TAKE, "ben")
    assert "<form" in shown(waiting.conversation_id)
    desk.act(waiting.conversation_id, Event.CLOSE, "ben")
    assert "<form" in shown(waiting.conversation_id), "who has just closed it may still make good"


def test_who_loses_it_meanwhile_gives_nothing(desk: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    case, agent = mine(desk), desk.client("anna", partial=True)
    read = compensation_pages.read_amount

    def slowly(text: str, currency: str) -> Decimal:
        desk.act(case.conversation_id, Event.TAKE, "lea", lead=True)
        return read(text, currency)

    monkeypatch.setattr(compensation_pages, "read_amount", slowly)
    assert ask(agent, case.conversation_id).json()["error"] == "NotYours"
    assert rows(desk) == []


def test_two_leads_at_once_decide_once(desk: DeskWorld) -> None:
    case = mine(desk)
    ask(desk.client("anna", partial=True), case.conversation_id, amount="50")
    (row,) = rows(desk)
    leads = [desk.client(f"lead{number}", role="lead", partial=True) for number in range(4)]

    def decide(number: int) -> int:
        decision = "grant" if number % 2 else "refuse"
        return leads[number].post(f"/desk/compensations/{row.id}", data={"decision": decision}).status_code

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(decide, range(4)))
    assert codes == [200, 409, 409, 409]


def test_a_page_for_leads_with_sums_and_files(desk: DeskWorld) -> None:
    agent, lead = desk.client("anna", partial=True), desk.client("lea", role="lead")
    for number, market in enumerate(("DE", "JP")):
        case = mine(desk, market=market)
        ask(agent, case.conversation_id, amount="10" if market == "DE" else "1000", note="=1+1", key=str(number))
    page = lead.get("/desk/compensations")
    assert page.status_code == 200
    assert "¥1,000" in page.text
    assert "€10.00" in page.text
    assert agent.get("/desk/compensations").status_code == 403
    text = lead.get("/desk/compensations.csv").text
    assert "'=1+1" in text
    assert text.count("\n") == 3
    amounts = [item["amount"] for item in lead.get("/desk/compensations.json").json()["compensations"]]
    assert sorted(amounts) == ["10.00", "1000"]


def test_a_page_without_any_says_so(desk: DeskWorld) -> None:
    page = desk.client("lea", role="lead").get("/desk/compensations").text
    for text in ("Nothing waits for a decision.", "Nothing was granted yet.", "Nothing was given or asked for yet."):
        assert text in page
    assert "<table" not in page


def test_earlier_claims_are_told(desk: DeskWorld) -> None:
    agent = desk.client("anna", partial=True)
    first = mine(desk, sender="same")
    ask(agent, first.conversation_id)
    desk.act(first.conversation_id, Event.CLOSE, "anna")
    second = mine(desk, sender="same")
    other = mine(desk, sender="other")
    assert "1 time in the last" in agent.get(f"/desk/c/{second.conversation_id}/compensation").text
    assert "in the last" not in agent.get(f"/desk/c/{other.conversation_id}/compensation").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customer_is_told_in_their_language(desk: DeskWorld, language: str) -> None:
    market = next(code for code, item in MARKETS.items() if language in item.languages)
    case = mine(desk, market=market, language=language)
    amount = str(load_rules().ceiling(market, MARKETS[market].currency, "agent", "coupon"))
    text = ask(desk.client("anna", partial=True), case.conversation_id, amount=amount).text
    assert re.search(r'data-insert="[^"{}]{20,}"', text)


def test_every_market_and_kind_has_ceilings_and_words() -> None:
    rules = load_rules()
    for market in MARKETS.values():
        for role in ROLES:
            assert all(rules.ceiling(market.code, market.currency, role, kind) > 0 for kind in KINDS), market.code
    for words in load_words().values():
        assert all(words.has(f"compensation.reason.{reason}") for reason in rules.reasons)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("reasons: []\ncurrencies: {}\nmarkets: {}\n", ":1: reasons"),
        ("reasons: [a]\ncurrencies:\n  XXQ: {most: '1'}\nmarkets: {}\n", ":3: XXQ"),
        (
            "reasons: [a]\ncurrencies:\n  EUR:\n    agent: {coupon: 5, refund: '1', resend: '1'}\n"
            "    lead: {coupon: '9', refund: '1', resend: '1'}\n    admin: {coupon: '1', refund: '1', resend: '1'}\n"
            "    most: '2'\nmarkets: {}\n",
            ":4: EUR: agent",
        ),
    ],
)
def test_a_wrong_file_names_the_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "compensation.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(complaint)):
        load_rules(file)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [("12.5", "EUR", "12.50"), ("12,50", "EUR", "12.50"), ("1500", "JPY", "1500"), (" 7 ", "IDR", "7.00")],
)
def test_amounts_are_decimal(text: str, currency: str, amount: str) -> None:
    assert str(read_amount(text, currency)) == amount


@pytest.mark.parametrize(("text", "currency"), [("1,500", "JPY"), ("1.5", "JPY"), ("١٢", "SAR"), ("1.500,00", "EUR")])
def test_an_ambiguous_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(InvalidForm):
        read_amount(text, currency)
