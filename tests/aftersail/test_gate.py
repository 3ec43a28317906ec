"""The gate from the outside: a worker whose bot slips, a person on the command line, texts on standard input."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from aftersail.assembly import Apology
from aftersail.gate import open_terms
from aftersail.withhold import REASON, Withhold
from bot.metrics import WorkerMetrics
from bot.worker import Worker
from conversations.model import Conversation, HandoffRequest, Message, Reply
from conversations.outgoing import Gate
from conversations.ownership import list_handoffs
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from knowledge.release_holder import ReleaseHolder
from knowledge.said_parts import parts_of
from tests.support.installation import Installation
from tests.support.records import MarketLanguage, inbound

pytestmark = pytest.mark.model


@dataclass
class SlippingBot:
    """Answers with what it is given."""

    replies: Sequence[Reply]
    handoff: HandoffRequest | None = None

    async def answer(self, conversation: Conversation, message: Message, slots: Any, buttons: Any) -> TurnResult:
        return TurnResult(self.replies, {"order_number": "ORK-4821936"}, self.handoff)


@dataclass(frozen=True)
class Scene:
    """A record with a worker that can be made to say anything."""

    installation: Installation
    record: Record
    registry: CollectorRegistry
    metrics: WorkerMetrics

    def worker(self, bot: SlippingBot) -> Worker:
        holder = ReleaseHolder(self.installation.settings, self.installation.engine, with_vectors=False)
        return Worker(
            WorkQueue(self.installation.engine, "w", Gate(open_terms(holder))),
            bot,
            Apology(holder),
            Withhold(holder),
            lambda _conversation: None,
            self.metrics,
        )

    async def said(self, bot: SlippingBot, sender: str) -> tuple[Conversation, list[Message]]:
        received = self.record.receive(inbound("Wie reinige ich die Flasche?", f"id-{sender}", sender))
        assert await self.worker(bot).work_once()
        conversation = self.record.conversation(received.conversation.id)
        return conversation, self.record.history(conversation.id, after_seq=1)


@pytest.fixture(scope="module")
def scene(installation: Installation) -> Scene:
    registry = CollectorRegistry()
    return Scene(installation, Record(installation.engine, MarketLanguage()), registry, WorkerMetrics(registry))


async def test_a_forbidden_word_with_a_replacement_never_reaches_the_customer(scene: Scene) -> None:
    reply = Reply("Bitte die Babyflasche vorher desinfizieren.", "de")
    conversation, replies = await scene.said(SlippingBot([reply]), "mended")
    assert [row.text for row in replies] == ["Bitte die Babyflasche vorher sterilisieren."]
    assert conversation.owner == "bot"
    assert replies[0].gate is not None
    assert replies[0].gate["fixed"][0]["concept"] == "sterilise"


@pytest.mark.parametrize(
    "text", ["Der Dampf ist {n} Grad heiß.", "   ", "Schnullerdesinfektion: Der Schnuller ist bereit."]
)
async def test_what_cannot_be_mended_goes_to_a_person_with_approved_words(scene: Scene, text: str) -> None:
    before = len(list_handoffs(scene.installation.engine))
    conversation, replies = await scene.said(SlippingBot([Reply(text, "de")]), f"held-{len(text)}")
    assert conversation.owner == "queue"
    assert len(replies) == 1
    assert replies[0].payload["response"] == "utter_answer_withheld"
    assert len(parts_of(replies[0].payload)) == 2  # enough to say it to an agent in their language
    assert text.strip() not in replies[0].text or not text.strip()
    handoffs = [item for item in list_handoffs(scene.installation.engine) if item.reason == REASON]
    assert len(list_handoffs(scene.installation.engine)) == before + 1
    assert handoffs[-1].packet["wants"] == "Wie reinige ich die Flasche?"
    assert handoffs[-1].packet["withheld"]
    assert b"aftersail_gate_blocked_total" in generate_latest(scene.registry)


def lines(out: str) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_terms_check_reads_text_and_json_lines(installation: Installation) -> None:
    plain = installation.run(
        "terms", "check", "--market", "DE", "--language", "de", stdin=b"Alles gut.\nBabyflaschen desinfizieren\n"
    )
    assert plain.code == 1
    assert [[found["fix"] for found in row["violations"]] for row in lines(plain.out)] == [[], ["sterilisieren"]]
    row = {"text": "Order ORK-4821937.", "source": {"text": "Bestellung ORK-4821936.", "language": "de"}}
    stdin = json.dumps({**row, "market": "US", "language": "en"}).encode()
    data = installation.run("terms", "check", "--jsonl", stdin=stdin)
    assert {found["kind"] for found in lines(data.out)[0]["violations"]} == {"masked_item"}
    bad = installation.run("terms", "check", "--jsonl", stdin=b'{"text": 5}\n')
    assert bad.code == 1
    assert "standard input:1: text" in bad.err


@pytest.mark.parametrize("language", ["DE", "fr-FR", "xx", ""])
def test_a_mistyped_language_is_named_and_nothing_passes(installation: Installation, language: str) -> None:
    checked = installation.run("terms", "check", "--market", "DE", "--language", language, stdin=b"Hallo\n")
    made = installation.run("translate", "--from", language, "--to", "de", "--market", "DE", stdin=b"Hallo\n")
    for done in (checked, made):
        assert (done.code, done.out) == (1, "")
        assert f"there is no language {language!r}" in done.err


async def handed_over(scene: Scene, sender: str) -> tuple[str, str]:
    """Hand-off and conversation of a customer who waits for a person."""
    wish = HandoffRequest("asked_for_person", "ordinary", {"wants": "?"}, 4_000_000_000.0)
    conversation, _ = await scene.said(SlippingBot([Reply("Einen Moment bitte.", "de")], wish), sender)
    found = [item for item in list_handoffs(scene.installation.engine) if item.conversation_id == conversation.id]
    return found[0].id, conversation.id


async def test_a_person_is_held_to_the_same_words(scene: Scene) -> None:
    handoff, conversation = await handed_over(scene, "agent")
    run = scene.installation.run
    stopped = run("reply", handoff, "Bitte die Babyflasche desinfizieren.", "--as", "ines")
    assert stopped.code == 1
    assert "Write 'sterilisieren'" in stopped.err
    assert [row.author for row in scene.record.history(conversation)] == ["customer", "bot"]
    sent = run("reply", handoff, "Bitte die Babyflasche sterilisieren.", "--as", "ines")
    assert sent.code == 0, sent.err
    last = scene.record.history(conversation)[-1]
    assert (last.author, last.text) == ("agent:ines", "Bitte die Babyflasche sterilisieren.")
    overridden = run(
        "reply", handoff, "Sie schrieben: Babyflasche desinfizieren.", "--as", "ines", "--override", "quote"
    )
    assert overridden.code == 0, overridden.err
    gate = scene.record.history(conversation)[-1].gate
    assert gate is not None
    assert gate["override"] == {"by": "agent:ines", "reason": "quote"}


async def test_without_a_package_a_person_is_told_and_may_send_it_marked(scene: Scene) -> None:
    handoff, conversation = await handed_over(scene, "pair")
    run = scene.installation.run
    text = "Ihr Paquete llega mañana, gracias por su paciencia."
    refused = run("reply", handoff, text, "--language", "es", TRANSLATION_ENGINE="none")
    assert refused.code == 1
    assert "Not translated from es to de" in refused.err
    marked = run("reply", handoff, text, "--language", "es", "--untranslated", TRANSLATION_ENGINE="none")
    assert marked.code == 0, marked.err
    last = scene.record.history(conversation)[-1]
    assert (last.language, last.payload["translation"]) == ("es", {"from": "es"})
