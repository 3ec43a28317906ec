"""What every channel does with a survey: the question comes with choices, a choice or a typed number is the score."""

import time
from uuid import uuid4

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Row

from aftersail.surveys import SurveyDesk, open_surveys
from conversations import ownership
from conversations.model import Conversation, Reply
from conversations.notices import Notices
from conversations.ownership import Action, Event
from conversations.surveys import ANSWERED, ASKED, WAITING
from core.schema import conversations
from core.schema_desk import surveys
from knowledge.release_holder import ReleaseHolder
from tests.connectors.contract.driver import Driver
from tests.connectors.contract.test_answers_contract import ask, choose, plain, seen
from tests.desk.conftest import desk_holder, desk_installation
from tests.support.channel_office import Office

__all__ = ["desk_holder", "desk_installation"]


class Free:
    """Every message can be sent and costs nothing."""

    def cost_of(self, conversation: Conversation, reply: Reply) -> tuple[str, str]:
        """Free."""
        return "free", ""


@pytest.fixture
def asker(office: Office, desk_holder: ReleaseHolder) -> SurveyDesk:
    """The surveys, with the release's words."""
    notices, registry = Notices(office.engine, office.gate), CollectorRegistry()
    return open_surveys(office.engine, desk_holder.current, notices, Free(), lambda _: None, registry)


def asked(channel: Driver, office: Office, asker: SurveyDesk) -> str:
    """A customer whose conversation has ended and who is asked."""
    customer = ask(channel, office, [{"text": "It is on its way."}], f"where is it, {uuid4().hex[:6]}")
    ended = office.conversation(customer)
    row = {"id": uuid4().hex, "conversation_id": ended.id, "state": WAITING, "created_at": time.time()}
    row |= {name: getattr(ended, name) for name in ("market", "language", "channel")}
    ownership.act(office.engine, ended.id, Action(Event.EXPIRE, "system"), time.time())
    with office.engine.begin() as connection:
        connection.execute(sa.insert(surveys).values(**row))
    asker.look()
    office.wait_quiet()
    assert survey(office, customer).state == ASKED
    return customer


def survey(office: Office, customer: str) -> Row[tuple[object, ...]]:
    """The customer's."""
    mine = surveys.c.conversation_id == conversations.c.id
    statement = sa.select(surveys).join(conversations, mine).where(conversations.c.sender == customer)
    with office.engine.connect() as connection:
        return connection.execute(statement).one()


def labels(office: Office, customer: str) -> list[str]:
    """What stands on the buttons of the question."""
    question = next(row for row in reversed(office.rows(customer, "out")) if "buttons" in row.payload)
    return [button["title"] for button in question.payload["buttons"]]


@pytest.mark.parametrize("score", [5, 2])
def test_a_choice_is_the_score(vendor_channel: Driver, office: Office, asker: SurveyDesk, score: int) -> None:
    customer = asked(vendor_channel, office, asker)
    heard, talks = office.heard(customer), office.count(conversations)
    choose(vendor_channel, customer, labels(office, customer)[score - 1])
    office.wait_quiet()
    asker.look()
    office.wait_quiet()
    found = survey(office, customer)
    assert (found.score, found.state) == (score, ANSWERED)
    assert (office.heard(customer), office.count(conversations)) == (heard, talks), "no bot, no new conversation"
    thanks = office.rows(customer, "out")[-1]
    assert thanks.payload["response"] == ("utter_survey_thanks" if score > 2 else "utter_survey_sorry")
    assert plain(thanks.text) in plain(seen(vendor_channel, customer))


@pytest.mark.parametrize("text", ["5", "5/5", "⭐⭐⭐⭐⭐"])
def test_a_typed_number_is_the_score(channel: Driver, office: Office, asker: SurveyDesk, text: str) -> None:
    customer = asked(channel, office, asker)
    heard = office.heard(customer)
    channel.write(customer, text)
    office.wait_quiet()
    assert survey(office, customer).score == 5
    assert office.heard(customer) == heard


def test_words_instead_are_a_message_for_the_bot(channel: Driver, office: Office, asker: SurveyDesk) -> None:
    customer = asked(channel, office, asker)
    channel.write(customer, "my parcel is still not here")
    office.wait_quiet()
    assert survey(office, customer).score is None
    assert office.heard(customer)[-1] == "my parcel is still not here"
