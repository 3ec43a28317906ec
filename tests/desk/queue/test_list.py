"""The queue through the door: whose conversations, in which order, narrowed, page by page, patched."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from conversations.ownership import Event
from core.schema import conversations, handoffs, messages
from core.schema_channels import contacts
from tests.support.desk import HOUR, DeskWorld

ROW = re.compile(r'<li class="queue-row" id="queue-([0-9a-f]+)"')


def rows_of(html: str) -> list[str]:
    """Ids of the lines, in order."""
    return ROW.findall(html)


def shown(desk: DeskWorld, query: str, name: str = "anna", **agent: Any) -> list[str]:
    answer = desk.client(name, **agent).get(f"/desk/queue/rows?{query}")
    assert answer.status_code == 200
    return rows_of(answer.text)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Every statement that asks for rows."""
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def many(desk: DeskWorld, count: int, market: str = "DE") -> Sequence[str]:
    """Conversations that wait in the queue, the nearest promise first; by rows, because it is many."""
    now = desk.clock()
    ids = [f"{number:032x}" for number in range(count)]
    common = {"channel": "webchat", "market": market, "language": "de", "language_state": {}, "hints": {}}
    with desk.engine.begin() as connection:
        connection.execute(
            sa.insert(conversations),
            [
                {**common, "id": one, "sender": f"s{one}", "owner": "queue", "last_seq": 1,
                 "created_at": now, "updated_at": now}
                for one in ids
            ],
        )  # fmt: skip
        connection.execute(
            sa.insert(messages),
            [
                {"id": uuid4().hex, "conversation_id": one, "seq": 1, "direction": "in", "author": "customer",
                 "kind": "text", "text": f"Hallo {number}", "language": "de", "payload": {}, "channel": "webchat",
                 "status": "handled", "created_at": now}
                for number, one in enumerate(ids)
            ],
        )  # fmt: skip
        connection.execute(
            sa.insert(handoffs),
            [
                {"id": uuid4().hex[:12], "conversation_id": one, "reason": "x", "tier": "ordinary", "packet": {},
                 "created_at": now, "promised_at": now + HOUR + number, "waiting_since": now}
                for number, one in enumerate(ids)
            ],
        )  # fmt: skip
    return ids


def promise(desk: DeskWorld, conversation_id: str, at: float) -> None:
    with desk.engine.begin() as connection:
        mine = handoffs.c.conversation_id == conversation_id
        connection.execute(sa.update(handoffs).where(mine).values(promised_at=at))


def test_only_markets_of_the_viewer_are_shown_and_counted(desk: DeskWorld) -> None:
    ours, theirs = desk.waiting(market="DE"), desk.waiting(market="US")
    answer = desk.client("anna", markets=["DE"]).get("/desk/queue/rows?view=waiting")
    assert rows_of(answer.text) == [ours.conversation_id]
    assert 'data-count="waiting">1<' in answer.text
    patched = desk.client("anna").get(f"/desk/queue/patch?view=waiting&ids={theirs.conversation_id}")
    assert rows_of(patched.text) == []
    assert theirs.conversation_id not in patched.text
    assert shown(desk, "view=waiting&market=US") == []
    assert len(shown(desk, "view=waiting", "lea", role="lead")) == 2


def test_customers_who_wait_come_first_danger_before_all_then_the_nearest_promise(desk: DeskWorld) -> None:
    late, soon, danger, urgent, answered = (desk.waiting().conversation_id for _ in range(5))
    now = desk.clock()
    for number, one in enumerate((late, soon, danger, urgent, answered)):
        promise(desk, one, now + HOUR * (5, 2, 20, 30, 1)[number])
    with desk.engine.begin() as connection:
        mine = handoffs.c.conversation_id == danger
        connection.execute(sa.update(handoffs).where(mine).values(tier="safety"))
    desk.act(urgent, Event.ESCALATE, "anna")
    desk.act(answered, Event.TAKE, "bea")
    desk.answer(answered, "bea", "Gern!", "de")
    assert shown(desk, "view=people") == [danger, urgent, soon, late, answered]
    assert shown(desk, "view=waiting") == [danger, urgent, soon, late]
    assert shown(desk, "view=answered") == [answered]


def test_each_view_shows_its_own(desk: DeskWorld) -> None:
    mine, other, waits = (desk.waiting().conversation_id for _ in range(3))
    gone = desk.waiting().conversation_id
    bots = desk.write("Hallo", sender="b").conversation.id
    client = desk.client("anna")
    for one, name in ((mine, "anna"), (other, "bea"), (gone, "anna")):
        desk.act(one, Event.TAKE, name)
    desk.answer(other, "bea", "Gern!", "de")
    desk.act(gone, Event.CLOSE, "anna")
    views = {"mine": {mine}, "waiting": {waits}, "people": {mine, other, waits}, "bot": {bots}}
    views |= {"answered": {other}, "closed": {gone}}
    for view, expected in views.items():
        assert set(shown(desk, f"view={view}")) == expected, view
    text = client.get("/desk/queue/rows?view=mine").text
    for view, number in {"mine": 1, "waiting": 1, "people": 3, "bot": 1, "answered": 1}.items():
        assert f'data-count="{view}">{number}<' in text


EVERYTHING = {"english", "whatsapp", "parts", "bea", "escalated", "risky", "broken"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("market=US", {"english"}),
        ("language=en", {"english"}),
        ("channel=whatsapp", {"whatsapp"}),
        ("tier=parts", {"parts"}),
        ("owner=agent:bea", {"bea"}),
        ("owner=queue&market=US", {"english"}),
        ("escalated=1", {"escalated"}),
        ("at_risk=1", {"risky", "broken"}),
        ("market=FR", set()),
        ("tier=nonsense&escalated=maybe&view=people", EVERYTHING),
    ],
)  # fmt: skip
def test_filters_narrow(desk: DeskWorld, query: str, expected: set[str]) -> None:
    made = {
        "english": desk.waiting("Hi", market="US", language="en"),
        "whatsapp": desk.waiting(channel="whatsapp", account="main"),
        "parts": desk.waiting(tier="parts"),
        "bea": desk.waiting(),
        "escalated": desk.waiting(),
        "risky": desk.waiting(),
        "broken": desk.waiting(),
    }
    ids = {name: handoff.conversation_id for name, handoff in made.items()}
    desk.act(ids["bea"], Event.TAKE, "bea")
    desk.act(ids["escalated"], Event.ESCALATE, "bea")
    for _name, one in ids.items():
        promise(desk, one, desk.clock() + HOUR * 24)
    promise(desk, ids["risky"], made["risky"].waiting_since + HOUR * 1.2)  # type: ignore[operator]
    promise(desk, ids["broken"], desk.clock() + 60)
    desk.clock.now += HOUR
    assert set(shown(desk, f"view=people&{query}")) == {ids[name] for name in expected}


def test_the_last_filters_are_remembered(desk: DeskWorld) -> None:
    client = desk.client("anna")
    one = desk.waiting(market="US", language="en").conversation_id
    desk.waiting(market="DE")
    client.get("/desk/queue?view=waiting&market=US")
    assert rows_of(client.get("/desk/").text) == [one]
    assert rows_of(client.get("/desk/queue/rows").text) == [one]


def test_a_pane_keeps_the_address_of_the_queues_own_page_only(desk: DeskWorld) -> None:
    client = desk.client("anna", partial=True)
    given = {"hx-current-url": "http://desk.test/desk/queue"}
    there = client.get("/desk/queue/rows?view=bot&market=DE", headers=given)
    assert there.headers["hx-replace-url"] == "/desk/queue?view=bot&market=DE"
    given = {"hx-current-url": "http://desk.test/desk/c/abc"}
    assert "hx-replace-url" not in client.get("/desk/queue/rows?view=bot", headers=given).headers


def test_a_customers_words_are_escaped_bounded_and_have_their_language(desk: DeskWorld) -> None:
    desk.waiting("<script>x</script> " + "ä" * 4_000, language="ar")
    text = desk.client("anna").get("/desk/queue/rows?view=waiting").text
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text
    assert 'lang="ar" dir="rtl"' in text
    assert text.count("ä") < 300


def test_the_name_of_a_person_and_the_free_window_come_with_the_row(desk: DeskWorld) -> None:
    with desk.engine.begin() as connection:
        values = {"channel": "whatsapp", "account": "main", "sender": "4917", "name": "Frau\nSäntis", "address": {}}
        connection.execute(sa.insert(contacts).values(**values, last_inbound_at=desk.clock(), updated_at=0))
    desk.waiting(channel="whatsapp", account="main", sender="4917")
    desk.waiting(sender="visitor-abcd1234")
    text = desk.client("anna").get("/desk/queue/rows?view=waiting").text
    assert "Frau Säntis" in text
    assert "Visitor 1234" in text


def test_a_list_is_one_query_however_long(desk: DeskWorld) -> None:
    client = desk.client("anna")
    desk.waiting()
    with counted(desk.engine) as few:
        client.get("/desk/queue/rows?view=waiting")
    many(desk, 50)
    with counted(desk.engine) as more:
        client.get("/desk/queue/rows?view=waiting")
    assert len(more) == len(few) <= 6


def test_a_thousand_conversations_come_page_by_page_each_once(desk: DeskWorld) -> None:
    ids = many(desk, 1_000)
    client = desk.client("anna")
    text = client.get("/desk/queue/rows?view=waiting").text
    seen = rows_of(text)
    assert len(seen) == 100
    while more := re.search(r'hx-get="(/desk/queue/more[^"]+)"', text):
        text = client.get(more[1].replace("&amp;", "&")).text
        seen += rows_of(text)
    assert seen == list(ids)


def test_a_wrong_place_to_go_on_is_refused(desk: DeskWorld) -> None:
    assert desk.client("anna").get("/desk/queue/more?view=waiting&after=x").status_code == 422


def test_a_patch_brings_those_that_belong_and_all_counts(desk: DeskWorld) -> None:
    here, gone = desk.waiting().conversation_id, desk.waiting().conversation_id
    desk.act(gone, Event.TAKE, "bea")
    answer = desk.client("anna").get(f"/desk/queue/patch?view=waiting&ids={here},{gone},nothing")
    assert rows_of(answer.text) == [here]
    assert 'data-waiting="1"' in answer.text
    assert 'data-people="2"' in answer.text


def test_what_the_viewer_has_read_is_not_new(desk: DeskWorld) -> None:
    one = desk.waiting().conversation_id
    client = desk.client("anna")
    desk.act(one, Event.TAKE, "anna")
    assert "data-unread" in client.get("/desk/queue/rows?view=mine").text
    assert client.post(f"/desk/c/{one}/read", data={"seq": "1"}).status_code == 204
    assert "data-unread" not in client.get("/desk/queue/rows?view=mine").text
    desk.write("Und?", sender=desk.conversation(one).sender)
    assert "data-unread" in client.get("/desk/queue/rows?view=mine").text
    client.post(f"/desk/c/{one}/read", data={"seq": "999"})
    client.post(f"/desk/c/{one}/read", data={"seq": "1"})  # an older page says so later
    assert "data-unread" not in client.get("/desk/queue/rows?view=mine").text


def test_reading_in_another_market_is_not_found(desk: DeskWorld) -> None:
    one = desk.waiting(market="US").conversation_id
    answer = desk.client("anna", markets=["DE"]).post(f"/desk/c/{one}/read", data={"seq": "1"})
    assert answer.status_code == 404


@pytest.mark.parametrize(("role", "status"), [("agent", 200), ("lead", 200), ("admin", 200), ("editor", 303)])
def test_who_sees_a_queue(desk: DeskWorld, role: str, status: int) -> None:
    assert desk.client("anna", role=role).get("/desk/").status_code == status


@pytest.mark.parametrize(
    "path", ["/desk/queue/rows", "/desk/queue/more?after=0|0|", "/desk/queue/patch?ids=", "/desk/alerts"]
)
def test_an_editor_reads_no_conversations(desk: DeskWorld, path: str) -> None:
    assert desk.client("eva", role="editor").get(path).status_code == 403


@pytest.mark.parametrize("view", ["mine", "waiting", "people", "bot", "answered", "closed"])
@pytest.mark.parametrize("interface", ["en", "zh"])
def test_an_empty_list_says_so_in_the_viewers_language(desk: DeskWorld, view: str, interface: str) -> None:
    text = desk.client("anna", interface=interface).get(f"/desk/queue?view={view}").text
    none = re.search(r"<div class=\"queue-none\" data-queue-none>.*?empty-title\">([^<]+)<", text, re.DOTALL)
    assert none
    assert bool(re.search(r"[一-鿿]", none[1])) is (interface == "zh")
