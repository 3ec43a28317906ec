"""What the bot says to what came without words, and how it goes on."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from actions.outcome import Outcome
from actions.problems import PHOTO_ENTRIES, SORRY
from actions.received import REPLIES, ActionReceived
from connectors.events import Content
from core.settings import PROJECT
from knowledge.content import load_content
from orders.demo_store import DemoOrderStore
from tests.support.turns import services, turn

OPEN_QUESTION = {"task": "order_status", "asked": "order_number", "asked_times": 1}


def names(outcome: Outcome) -> list[str]:
    return [line.name for message in outcome.says for line in (message.line, *message.then)]


async def receive(
    engine: Engine, store: Any, content: str, slots: Mapping[str, Any] | None = None, **changes: Any
) -> Outcome:
    entities = {"content": [content]} if content else {}
    return await ActionReceived(services(engine, store)).act(turn(slots=slots, entities=entities, **changes))


def test_every_content_of_every_channel_has_a_reply_in_every_language() -> None:
    assert {content.value for content in Content} - {"text", "button"} <= set(REPLIES)
    texts = load_content(PROJECT).replies.texts
    needed = {*REPLIES.values(), "utter_received_photo_for_case"}
    assert {language: sorted(needed - set(named)) for language, named in texts.items() if needed - set(named)} == {}


@pytest.mark.parametrize("content", REPLIES)
async def test_each_content_has_its_reply(engine: Engine, store: DemoOrderStore, content: str) -> None:
    outcome = await receive(engine, store, content)
    assert names(outcome) == [REPLIES[content]]
    assert not outcome.wishes


@pytest.mark.parametrize("content", ["", "hologram", "text"])
async def test_what_nobody_knows_is_answered_too(engine: Engine, store: DemoOrderStore, content: str) -> None:
    assert names(await receive(engine, store, content)) == ["utter_received_unsupported"]


@pytest.mark.parametrize("content", sorted(set(REPLIES) - {"follow", "group"}))
@pytest.mark.parametrize("task", ["order_status", "cancel_order", "change_address", "start_return"])
async def test_the_open_question_is_asked_again(engine: Engine, store: DemoOrderStore, content: str, task: str) -> None:
    outcome = await receive(engine, store, content, OPEN_QUESTION | {"task": task})
    photo = (content, task) == ("image", "start_return")
    first = "utter_received_photo_for_case" if photo else REPLIES[content]
    assert names(outcome) == [first, "utter_ask_order_number"]  # not "I found no number in that": nobody said so
    assert outcome.slots["asked_times"] == OPEN_QUESTION["asked_times"]  # it was no wrong answer
    assert len(outcome.says) == 1  # one message


async def test_several_unread_ones_in_a_form_lead_to_a_person(engine: Engine, store: DemoOrderStore) -> None:
    outcome = await receive(engine, store, "voice", OPEN_QUESTION | {"misunderstood": 2})
    assert outcome.wishes["handoff"]["reason"] == "misunderstood"
    stickers = await receive(engine, store, "sticker", OPEN_QUESTION | {"misunderstood": 2})
    assert not stickers.wishes


async def test_the_question_for_proof_is_asked_again_and_no_try_is_lost(engine: Engine, store: DemoOrderStore) -> None:
    number = store.demo_orders("DE")[0].number
    slots = {"task": "order_status", "asked": "proof", "order_number": number}
    for _ in range(3):
        assert names(await receive(engine, store, "voice", slots)) == ["utter_received_voice", "utter_ask_order_proof"]


@pytest.mark.parametrize(("task", "then"), [("report_damage", []), ("missing_part", ["utter_missing_part_sorry"])])
async def test_a_photo_of_the_problem_goes_to_a_person(
    engine: Engine, store: DemoOrderStore, task: str, then: list[str]
) -> None:
    outcome = await receive(engine, store, "image", OPEN_QUESTION | {"task": task})
    assert names(outcome)[:-1] == ["utter_received_photo_for_case", *then]
    assert outcome.wishes["handoff"]["reason"] == task
    assert outcome.wishes["handoff"]["packet"]["given"]["content"] == "image"


def test_entries_that_photos_follow_exist() -> None:
    entries = {entry.id for entry in load_content(PROJECT).entries}
    assert set(PHOTO_ENTRIES) <= entries
    assert set(PHOTO_ENTRIES.values()) <= set(SORRY)


@pytest.mark.parametrize(("entry", "problem"), PHOTO_ENTRIES.items())
async def test_a_photo_after_an_answer_is_a_case(
    engine: Engine, store: DemoOrderStore, entry: str, problem: str
) -> None:
    asked = await receive(engine, store, "image", {"answered": entry})
    assert names(asked) == ["utter_received_photo_for_case", "utter_ask_order_number"]
    assert asked.slots["task"] == problem
    known = await receive(engine, store, "image", {"answered": entry, "order_number": "ORK-4821930"})
    assert known.wishes["handoff"]["reason"] == problem


async def test_a_place_during_another_problem_goes_on_with_it(engine: Engine, store: DemoOrderStore) -> None:
    outcome = await receive(engine, store, "location", OPEN_QUESTION | {"task": "report_damage"})
    assert names(outcome)[:2] == ["utter_received_location", "utter_damage_sorry"]
    assert outcome.wishes["handoff"]["reason"] == "report_damage"


@pytest.mark.parametrize("content", ["voice", "audio", "image", "video", "document", "unsupported"])
async def test_several_unread_ones_lead_to_a_person(engine: Engine, store: DemoOrderStore, content: str) -> None:
    slots: dict[str, Any] = {}
    said = []
    for _ in range(3):
        outcome = await receive(engine, store, content, slots)
        slots |= outcome.slots
        said.append(names(outcome))
    assert said[0] == [REPLIES[content]]
    assert said[1] == [REPLIES[content], "utter_offer_person"]
    assert said[2][0] == REPLIES[content]
    assert outcome.wishes["handoff"]["reason"] == "misunderstood"


@pytest.mark.parametrize("content", ["sticker", "contacts", "order", "form", "location", "follow"])
async def test_what_needs_no_reading_is_no_misunderstanding(
    engine: Engine, store: DemoOrderStore, content: str
) -> None:
    outcome = await receive(engine, store, content, {"misunderstood": 2})
    assert names(outcome) == [REPLIES[content]]
    assert not outcome.slots


async def test_who_adds_us_is_welcomed_whatever_was_asked_before(engine: Engine, store: DemoOrderStore) -> None:
    assert names(await receive(engine, store, "follow", OPEN_QUESTION)) == ["utter_welcome"]


async def test_a_group_is_told_once_and_nothing_of_an_order(engine: Engine, store: DemoOrderStore) -> None:
    first = await receive(engine, store, "group", OPEN_QUESTION)
    assert names(first) == ["utter_write_me_directly"]
    assert names(await receive(engine, store, "group", first.slots)) == []
    yesterday = first.slots["group_told_at"] - 86_400
    assert names(await receive(engine, store, "group", {"group_told_at": yesterday})) == ["utter_write_me_directly"]
