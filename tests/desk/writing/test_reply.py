"""What is shown is what leaves: preview and sending through the door."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from conversations.ownership import Event
from core.database import reading
from core.schema_desk import audit_log
from tests.desk.writing.acts import KEY, preview, send, written
from tests.support.desk import DeskWorld

Waiting = Callable[[str, str], str]
# market, language, a good text, one with a forbidden word
CASES = [
    ("DE", "de", "Ihr Paket kommt morgen an.", "Bitte desinfizieren Sie die Babyflasche."),
    ("JP", "ja", "お荷物は明日お届けの予定です。", "申し訳ございません、こちらの商品に欠陥がございました。"),
    ("SA", "ar", "ستصل شحنتك غدًا إن شاء الله.", "يطهّر PureSteam 2 الرضاعات في ثماني دقائق."),
    ("TH", "th", "พัสดุของคุณจะถึงพรุ่งนี้ค่ะ", "ในกล่องมีขวดนมพร้อมหัวนมสองชิ้นนะคะ"),
    ("TW", "zh-Hant", "您的包裹明天會送達，請您留意。", "您的订单已經確認。"),
    ("BR", "pt", "O seu pacote chega amanhã de manhã.", "Desinfete as mamadeiras antes do primeiro uso."),
]
BAD = [(market, language, bad) for market, language, _, bad in CASES]


def audited(desk: DeskWorld) -> list[tuple[str, str]]:
    """(who, action) of the audit, oldest first."""
    with reading(desk.engine) as connection:
        found = connection.execute(sa.select(audit_log.c.who, audit_log.c.action).order_by(audit_log.c.id))
        return [(row.who, row.action) for row in found if row.action in ("reply", "override")]


@pytest.mark.parametrize(("market", "language", "text"), [case[:3] for case in CASES])
def test_what_the_preview_shows_is_what_leaves(
    desk: DeskWorld, waiting: Waiting, market: str, language: str, text: str
) -> None:
    conversation, client = waiting(market, language), desk.client("anna", languages=["en", language])
    shown = preview(client, conversation, text, language)
    assert (shown["text"], shown["findings"], shown["language"]) == (text, [], language)
    status, answer = send(client, conversation, text, language, shown=shown["text"])
    assert status == 200, answer
    (message,) = written(desk, conversation)
    assert (message.text, message.language, message.author) == (shown["text"], language, "agent:anna")
    assert desk.conversation(conversation).owner == "agent:anna"  # answering has taken it
    assert ("web", conversation) in desk.woken
    assert audited(desk) == [("agent:anna", "reply")]


@pytest.mark.parametrize(("market", "language", "text"), BAD)
def test_a_forbidden_word_stops_the_preview_and_the_sending_alike(
    desk: DeskWorld, waiting: Waiting, market: str, language: str, text: str
) -> None:
    conversation, client = waiting(market, language), desk.client("anna", languages=["en", language])
    shown = preview(client, conversation, text, language)
    status, answer = send(client, conversation, text, language)
    assert status == 409
    assert answer["stopped"] == "findings"
    assert answer["preview"]["findings"] == shown["findings"] != []
    (first, *_) = shown["findings"]
    assert first["kind"] == "forbidden_term"
    assert text[first["start"] : first["end"]] == first["found"]
    assert first["reason"] in shown["html"].replace("&#39;", "'").replace("&#34;", '"')
    assert written(desk, conversation) == []
    assert desk.conversation(conversation).owner == "queue"


@pytest.mark.parametrize(("market", "language", "text"), BAD)
def test_an_override_needs_a_reason_and_is_written_down(
    desk: DeskWorld, waiting: Waiting, market: str, language: str, text: str
) -> None:
    conversation, client = waiting(market, language), desk.client("anna", languages=["en", language])
    status, answer = send(client, conversation, text, language, override="because")
    assert (status, answer["error"]) == (422, "InvalidForm")
    assert written(desk, conversation) == []
    assert send(client, conversation, text, language, override="the customer quotes it")[0] == 200
    (message,) = written(desk, conversation)
    assert message.gate is not None
    assert message.gate["override"] == {"by": "agent:anna", "reason": "the customer quotes it"}
    assert message.gate["overridden"][0]["kind"] == "forbidden_term"
    assert audited(desk) == [("agent:anna", "reply"), ("agent:anna", "override")]


def test_every_fix_at_once_makes_a_text_that_may_leave(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    text = "😀 Bitte desinfizieren Sie die Babyflasche und desinfizieren Sie noch einmal."
    shown = preview(client, conversation, text, "de")
    found, units = shown["findings"], text.encode("utf-16-le")
    assert [units[2 * one["start"] : 2 * one["end"]].decode("utf-16-le") for one in found] == ["desinfizieren"] * 2
    assert preview(client, conversation, shown["fixed"], "de")["findings"] == []
    assert shown["fixed"] == text.replace("desinfizieren", "sterilisieren")


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u2060", "\n\n"])
def test_a_text_with_nothing_to_see_leaves_in_no_way(desk: DeskWorld, waiting: Waiting, text: str) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    assert send(client, conversation, text, "de")[0] == 422
    assert send(client, conversation, text, "de", override="let it go, please")[0] == 422
    assert written(desk, conversation) == []


def test_the_same_form_twice_is_sent_once(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    first, second = (send(client, conversation, "Ihr Paket kommt morgen.", "de") for _ in range(2))
    assert first == second
    assert len(written(desk, conversation)) == 1
    assert send(client, conversation, "Ihr Paket kommt morgen.", "de", key=KEY[::-1])[0] == 200
    assert len(written(desk, conversation)) == 2
    assert audited(desk) == [("agent:anna", "reply")] * 2


def test_two_clicks_at_the_same_moment_send_once(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, clients = waiting("DE", "de"), [desk.client("anna") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: send(client, conversation, "Ihr Paket kommt.", "de"), clients))
    assert {status for status, _ in answers} == {200}
    assert len({answer["sent"]["id"] for _, answer in answers}) == 1
    assert len(written(desk, conversation)) == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "../../../../etc/passwd"])
def test_a_form_without_a_proper_key_is_refused(desk: DeskWorld, waiting: Waiting, key: str) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    assert send(client, conversation, "Ihr Paket kommt.", "de", key=key)[0] == 422


def test_another_ones_conversation_takes_no_words(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    desk.add_agent("bert")
    desk.act(conversation, Event.TAKE, "bert")
    status, answer = send(client, conversation, "Ihr Paket kommt.", "de")
    assert (status, answer["error"]) == (409, "NotYours")
    assert written(desk, conversation) == []
    page = client.get(f"/desk/c/{conversation}/composer").text
    assert "Bert has this conversation" in page
    assert "data-text " not in page


def test_the_bots_conversation_is_taken_first(desk: DeskWorld) -> None:
    conversation, client = desk.write("Hallo").conversation.id, desk.client("anna")
    page = client.get(f"/desk/c/{conversation}/composer").text
    assert f"/desk/c/{conversation}/take" in page
    assert "data-text " not in page
    assert send(client, conversation, "Ihr Paket kommt.", "de")[0] == 409


def test_a_closed_one_says_so_before_anybody_types(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna")
    desk.act(conversation, Event.CLOSE, "anna")
    page = client.get(f"/desk/c/{conversation}/composer").text
    assert "is closed" in page
    assert "data-text " not in page
    assert client.get(f"/desk/c/{conversation}/composer/state").json()["turn"] == "closed"
    assert send(client, conversation, "Ihr Paket kommt.", "de")[1]["error"] == "Closed"


def test_another_markets_conversation_does_not_exist(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("jun", markets=["JP"])
    for name in ("composer", "composer/state", "canned", "suggestions", "hints"):
        assert client.get(f"/desk/c/{conversation}/{name}").status_code == 404
    assert send(client, conversation, "Ihr Paket kommt.", "de")[0] == 404
    data = {"text": "Hallo"}
    assert client.post(f"/desk/c/{conversation}/preview", data=data).status_code == 404


def test_an_editor_neither_reads_nor_writes(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("ed", role="editor")
    assert client.get(f"/desk/c/{conversation}/composer").status_code == 403
    assert send(client, conversation, "Ihr Paket kommt.", "de")[0] == 403


def test_an_answer_to_what_was_not_read_leaves_the_customer_waiting(desk: DeskWorld) -> None:
    handoff = desk.waiting("Hilfe", sender="v-9")
    desk.write("Und noch etwas", sender="v-9")
    client, seen = desk.client("anna"), 1
    assert send(client, handoff.conversation_id, "Ihr Paket kommt.", "de", seen=str(seen))[0] == 200
    assert desk.handoff(handoff.conversation_id).waiting_since is not None


def test_what_anybody_writes_is_escaped(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna", display_name="<b>Anna</b>")
    text = "Ihr Paket <img src=x onerror=alert(1)> desinfizieren</textarea>\"'"
    shown = preview(client, conversation, text, "de")
    assert "<img" not in shown["html"]
    assert '</textarea>"' not in shown["html"]
    pages = [client.get(f"/desk/c/{conversation}/{name}").text for name in ("composer", "canned?q=<img", "hints")]
    assert not any("<img" in page or "<b>Anna" in page for page in pages)


def test_a_wrong_language_is_refused(desk: DeskWorld, waiting: Waiting) -> None:
    conversation, client = waiting("DE", "de"), desk.client("anna", languages=["en"])
    assert send(client, conversation, "こんにちは", "ja")[0] == 422
    assert send(client, conversation, "x" * 5_001, "de")[0] == 422
