"""Surveys after a conversation: a rating is a fact about the one that ended, never the beginning of a new one.

The record asks `rating_in` of every message before it opens an episode. aftersail/surveys.py says thank you.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from conversations import rows
from conversations.episode_rows import last_of
from conversations.model import Conversation, Inbound, Kind, Message, Status
from core.schema import conversations, messages, ownership_events
from core.schema_desk import surveys

RATING = "rating"
ENDINGS = ("close", "expire")  # a customer who starts over wants to go on
DAY_S = 86_400.0
OPEN_S = 30 * DAY_S  # so long a button counts that was never pressed
PLANNED_S = 2 * DAY_S  # after an ending: by then it has its survey, or has none
WAITING, ASKED, RATED, ANSWERED, SKIPPED, IMPOSSIBLE = (
    "waiting", "asked", "rated", "answered", "skipped", "impossible",
)  # fmt: skip
TAKES_RATINGS = (ASKED, RATED, ANSWERED)
THANKS, SORRY = "thanks", "sorry"
LOW = 2  # a score up to here is asked about
MAX_COMMENT = 2_000  # characters
WORDS_S = 3_600.0  # so long words after the question are taken for its answer; who writes later begins something new
MAX_TYPED = 40
LOOK_BACK = 6
_TYPED = re.compile(r"\s*(\d)\s*(?:/\s*5|[.!。！]|[⭐★]️?)?\s*|[⭐★️]{1,10}")
_STAR = re.compile("[⭐★]")
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_OF_CONVERSATION = sa.select(surveys).where(surveys.c.conversation_id == sa.bindparam("id"))
_ENDED = sa.select(ownership_events.c.id).where(
    ownership_events.c.conversation_id == sa.bindparam("id"),
    ownership_events.c.event.in_(ENDINGS),
    ownership_events.c.at > sa.bindparam("since"),
)


@dataclass(frozen=True)
class Rating:
    """A score that somebody gave."""

    survey_id: str
    conversation_id: str
    score: int


def rating_payload(survey_id: str, score: int) -> str:
    """The payload of a survey's button."""
    return f"{RATING}{json.dumps({'survey': survey_id, 'score': score})}"


def is_rating(payload: str) -> bool:
    """Whether a button's payload is of a survey."""
    return payload.startswith(f"{RATING}{{")


def rating_in(connection: Connection, inbound: Inbound, now: float) -> Rating | None:
    """The rating that the message is; None: it is something else. One that was forged or is another's is none."""
    if inbound.kind == Kind.BUTTON:
        return _pressed(connection, inbound, now)
    if inbound.kind != Kind.TEXT or not inbound.text.strip() or len(inbound.text) > MAX_TYPED:
        return None
    found = _last_of(connection, inbound, now)
    if found is None or _talks_elsewhere(connection, inbound, found.conversation_id):
        return None
    score = _typed(inbound.text, _labels_right_before(connection, found.id, found.conversation_id))
    return Rating(found.id, found.conversation_id, score) if score else None


def keep_rating(connection: Connection, inbound: Inbound, rating: Rating, now: float) -> Message:
    """The message in the conversation that was rated. The last score within a day counts; a later one is only kept."""
    rated = rows.conversation(connection, rating.conversation_id)
    message = rows.insert_inbound(
        connection,
        rated,
        inbound,
        language=rated.language,
        payload={"survey": rating.survey_id, "score": rating.score},
        status=Status.HANDLED,
        now=now,
    )
    rows.update(connection, rated.id, last_seq=message.seq)
    counts = sa.and_(
        surveys.c.id == rating.survey_id,
        surveys.c.state.in_(TAKES_RATINGS),
        sa.or_(surveys.c.answered_at.is_(None), surveys.c.answered_at > now - DAY_S),
    )
    values = {"score": rating.score, "state": RATED, "answered_at": sa.func.coalesce(surveys.c.answered_at, now)}
    connection.execute(sa.update(surveys).where(counts).values(**values))
    return message


def keep_comment(connection: Connection, inbound: Inbound, conversation_id: str, now: float) -> str:
    """The id of the survey that asked for the words of this message, kept as its comment; empty: none did.

    Words in place of a score are kept too, and the survey stays open for one; nobody asked for them, so they are
    answered like any message. `conversation_id`: the person's open conversation, into which the message goes.
    """
    if inbound.kind != Kind.TEXT or not inbound.text.strip():
        return ""
    found = _last_of(connection, inbound, now)
    if found is None or found.comment:
        return ""
    asked_for = found.told == SORRY
    if not asked_for and (found.state != ASKED or found.asked_at <= now - WORDS_S):
        return ""
    if rows.conversation(connection, conversation_id).last_seq:
        return ""  # they talk about something already
    still = sa.and_(surveys.c.id == found.id, surveys.c.comment == "")
    kept = sa.update(surveys).where(still).values(comment=inbound.text.strip()[:MAX_COMMENT])
    return str(found.id) if connection.execute(kept).rowcount == 1 and asked_for else ""


def still_asking(connection: Connection, channel: str, account: str, sender: str, now: float) -> Conversation | None:
    """The person's last conversation, which has ended, until nothing of its survey is to be expected any more.

    None: another one is open, or the last one did not end in a way that is asked about. What was asked can be answered
    for OPEN_S; the question is waited for, and the last word shown, a day or two.
    """
    if rows.open_conversation(connection, channel, account, sender):
        return None
    last = last_of(connection, channel, account, sender)
    if last is None:
        return None
    survey = connection.execute(_OF_CONVERSATION, {"id": last}).one_or_none()
    if survey is None:
        lately = connection.execute(_ENDED, {"id": last, "since": now - PLANNED_S}).first() is not None
    else:
        since = {ASKED: (survey.asked_at, OPEN_S), WAITING: (survey.created_at, DAY_S)}
        at, wait = since.get(survey.state, (survey.answered_at, DAY_S))
        lately = at is not None and at > now - wait
    return rows.conversation(connection, last) if lately else None


def could_not_ask(engine: Engine, conversation_id: str, reason: str) -> bool:
    """Whether what could not be sent in the conversation belongs to its survey, which is given up if it was asked."""
    mine = sa.and_(surveys.c.conversation_id == conversation_id, surveys.c.state.in_(TAKES_RATINGS))
    unasked = sa.and_(mine, surveys.c.state == ASKED)
    with engine.begin() as connection:
        if connection.execute(sa.select(surveys.c.id).where(mine)).first() is None:
            return False
        connection.execute(sa.update(surveys).where(unasked).values(state=IMPOSSIBLE, reason=reason[:200]))
    return True


def lately_asked(connection: Connection, person: Mapping[str, str], customer_ref: str, since: float) -> bool:
    """Whether the person was asked since then, on this channel or, where the shop knows them, on any."""
    same = sa.and_(*(conversations.c[name] == value for name, value in person.items()))
    if customer_ref:
        same = sa.or_(same, conversations.c.hints["customer_ref"].as_string() == customer_ref)
    asked = (
        sa.select(surveys.c.id)
        .join(conversations, conversations.c.id == surveys.c.conversation_id)
        .where(surveys.c.created_at > since, surveys.c.state.in_((WAITING, *TAKES_RATINGS)), same)
    )
    return connection.execute(asked.limit(1)).first() is not None


def _pressed(connection: Connection, inbound: Inbound, now: float) -> Rating | None:
    payload = str(inbound.payload.get("payload") or "")
    if not is_rating(payload):
        return None
    try:
        given = json.loads(payload.removeprefix(RATING))
        survey_id, score = str(given["survey"]), int(given["score"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):  # whatever a forged one makes of JSON
        return None
    if not 1 <= score <= 5 or not _ID.fullmatch(survey_id):
        return None
    statement = _theirs(inbound).where(surveys.c.id == survey_id, surveys.c.asked_at > now - OPEN_S)
    row = connection.execute(statement).one_or_none()
    return Rating(row.id, row.conversation_id, score) if row else None


def _last_of(connection: Connection, inbound: Inbound, now: float) -> Row[Any] | None:
    """The person's survey of the last day, the newest."""
    statement = _theirs(inbound).where(surveys.c.asked_at > now - DAY_S)
    return connection.execute(statement.order_by(surveys.c.asked_at.desc()).limit(1)).one_or_none()


def _theirs(inbound: Inbound) -> sa.Select[Any]:
    return (
        sa.select(surveys)
        .join(conversations, conversations.c.id == surveys.c.conversation_id)
        .where(
            conversations.c.channel == inbound.channel,
            conversations.c.account == inbound.account,
            conversations.c.sender == inbound.sender,
            surveys.c.state.in_(TAKES_RATINGS),
        )
    )


def _talks_elsewhere(connection: Connection, inbound: Inbound, rated_id: str) -> bool:
    """Whether the person has said something in a newer conversation: a digit belongs there."""
    found = rows.open_conversation(connection, inbound.channel, inbound.account, inbound.sender)
    return found is not None and found.id != rated_id and found.last_seq > 0


def _labels_right_before(connection: Connection, survey_id: str, conversation_id: str) -> Sequence[str] | None:
    """Titles of the survey's buttons by score; None: the customer has written something else since."""
    last = (
        sa.select(messages.c.direction, messages.c.payload)
        .where(messages.c.conversation_id == conversation_id)
        .order_by(messages.c.seq.desc())
        .limit(LOOK_BACK)
    )
    for row in connection.execute(last):
        if row.payload.get("survey") != survey_id:
            return None
        if row.direction == "out" and row.payload.get("buttons"):
            return [str(button["title"]) for button in row.payload["buttons"]]
    return None


def _typed(text: str, labels: Sequence[str] | None) -> int:
    """1 to 5; 0: no score. Digits of any script, stars, or the words on a button."""
    if labels is None:
        return 0
    match = _TYPED.fullmatch(text)
    if match:
        score = int(match[1]) if match[1] else len(_STAR.findall(text))
        return score if 1 <= score <= 5 else 0
    plain = text.strip().casefold()
    for score, label in enumerate(labels, 1):
        words = label.casefold()
        if plain and plain in (words, words.partition("–")[2].strip()):
            return score
    return 0
