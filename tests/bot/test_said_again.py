"""What the bot says is kept so that it can be said again in another language: from the action to the stored reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from actions.outcome import Say, line, say
from bot.nlg import WordsGenerator
from bot.output import TurnOutput
from conversations.model import Reply
from knowledge.release import Release
from knowledge.release_holder import ReleaseHolder
from knowledge.said_parts import PARTS, parts_of
from tests.support.installation import Installation

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def release(installation: Installation) -> Release:
    """The project's release."""
    return ReleaseHolder(installation.settings, installation.engine, with_vectors=False).current()


async def reply_of(release: Release, said: Say, market: str = "JP", language: str = "ja") -> Reply:
    """What the bot's process hands to the record."""
    given: dict[str, Any] = said.to_json()
    name = given.pop("response")
    holder: Any = SimpleNamespace(current=lambda: release)
    tracker: Any = SimpleNamespace(latest_message=SimpleNamespace(metadata={"market": market, "language": language}))
    made: Mapping[str, Any] = await WordsGenerator(holder=holder).generate(name, tracker, "webchat", **given)
    output = TurnOutput("webchat")
    await output.send_response("kim", {**made, "utter_action": name})
    [reply] = output.replies
    return reply


async def test_values_and_further_lines_are_kept(release: Release) -> None:
    promise = say("utter_handoff_closed", line("utter_offer_person"), opens_at=AT, promised_at=AT, postcode="80331")
    reply = await reply_of(release, promise)
    (first, values), (second, nothing) = parts_of(reply.payload)
    assert (first, second, nothing) == ("utter_handoff_closed", "utter_offer_person", {})
    assert values == {"opens_at": AT, "promised_at": AT}  # what the text does not say is not kept
    market = release.markets["JP"]
    again = release.words.say(first, values, market=market, language=reply.language, then=[(second, nothing)])
    assert again.text == reply.text


async def test_a_reply_without_values_needs_nothing(release: Release) -> None:
    reply = await reply_of(release, say("utter_greet"))
    assert PARTS not in reply.payload
    assert parts_of(reply.payload) == [("utter_greet", {})]
