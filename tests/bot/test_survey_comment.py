"""What somebody writes when a survey asked what should have been better, through the trained bot."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa

from aftersail.asking import Asker
from conversations.model import Inbound, Kind
from conversations.surveys import rating_payload
from core.schema import conversations
from core.schema_desk import surveys
from tests.support.installation import Installation
from tests.support.talk import asker_of

pytestmark = pytest.mark.model

CASES = [
    ("DE", "de", "ihr wart einfach viel zu langsam und unfreundlich", ["utter_survey_comment_kept"], "bot"),
    ("US", "en", "terrible service, nobody cared", ["utter_survey_comment_kept"], "bot"),
    ("JP", "ja", "対応がとても遅かったです", ["utter_survey_comment_kept"], "bot"),
    ("FR", "fr", "réponses trop lentes", ["utter_survey_comment_kept"], "bot"),
    ("US", "en", "the charger caught fire and burnt my hand", ["utter_safety_first"], "queue"),
    ("US", "en", "I want to talk to a human", None, "queue"),
]


@pytest.fixture(scope="module")
def asker(installation: Installation) -> Iterator[Asker]:
    with asker_of(installation) as found:
        yield found


def rated_low(installation: Installation, market: str, language: str, sender: str) -> None:
    """The person's conversation is over, was rated 1, and the question came."""
    now, conversation = time.time(), uuid4().hex
    person = {"channel": "webchat", "account": "", "sender": sender, "market": market, "language": language}
    with installation.engine.begin() as connection:
        row = {**person, "language_state": {}, "hints": {}, "state": "closed", "created_at": now, "updated_at": now}
        connection.execute(sa.insert(conversations).values(id=conversation, last_seq=2, **row))
        values = {"id": uuid4().hex, "conversation_id": conversation, "market": market, "language": language}
        values |= {"channel": "webchat", "state": "answered", "told": "sorry", "score": 1}
        connection.execute(sa.insert(surveys).values(**values, created_at=now, asked_at=now, answered_at=now))


@pytest.mark.parametrize(("market", "language", "text", "responses", "owner"), CASES)
async def test_a_comment_is_thanked_for_and_a_wish_is_heard(
    market: str, language: str, text: str, responses: list[str] | None, owner: str,
    asker: Asker, installation: Installation,
) -> None:  # fmt: skip
    sender = uuid4().hex
    rated_low(installation, market, language, sender)
    answer = await asker.ask(Inbound("webchat", sender, market, text, uuid4().hex))
    assert answer["owner"] == owner
    said = [reply["response"] for reply in answer["replies"]]
    assert responses is None or said[0] == responses[0]
    with installation.engine.connect() as connection:
        kept = connection.execute(sa.select(surveys.c.comment).order_by(surveys.c.created_at.desc()).limit(1))
        assert kept.scalar_one() == text


async def test_a_rating_that_counts_no_more_is_an_old_button(asker: Asker) -> None:
    payload = {"payload": rating_payload("gone", 5), "title": "5"}
    answer = await asker.ask(Inbound("webchat", uuid4().hex, "US", "5", uuid4().hex, Kind.BUTTON, payload))
    assert answer["owner"] == "bot"
    assert [reply["response"] for reply in answer["replies"]] == ["utter_old_button"]
