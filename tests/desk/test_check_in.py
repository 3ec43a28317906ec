"""A customer who waits for a person and asks whether anybody is there hears once more until when, and no more."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
import sqlalchemy as sa

from aftersail.check_in import AGAIN_S, TYPING_S, CheckIns, open_check_ins
from aftersail.promise_watch import open_promise_watch
from conversations import check_ins
from conversations.check_ins import MOST, PAUSE_S, RECENT_S, SETTLE_S, SILENCE_S, CheckIn
from conversations.handoff_rows import Handoff
from conversations.model import Hints, Kind, Message
from conversations.notices import Notices
from conversations.ownership import Event
from core.database import reading
from core.schema_desk import promises
from desk.deps import ChannelState
from desk.live.notes import typing_note
from tests.support.desk import HOUR, DeskWorld

MINUTE = 60.0
IN_EVERY_LANGUAGE = [
    ("GB", "en", "you have not been forgotten"),
    ("DE", "de", "wir haben Sie nicht vergessen"),
    ("FR", "fr", "ne vous oublie pas"),
    ("ES", "es", "no nos olvidamos de ti"),
    ("IT", "it", "non ci siamo dimenticati di te"),
    ("BR", "pt", "não esquecemos de você"),
    ("SA", "ar", "لم ننسَ طلبك"),
    ("JP", "ja", "担当者に届いております"),
    ("KR", "ko", "기다려 주셔서 감사합니다"),
    ("SG", "zh", "没有忘记"),
    ("TW", "zh-Hant", "沒有忘記"),
    ("TH", "th", "ขอบคุณที่รอ"),
    ("ID", "id", "tidak melupakan Anda"),
    ("VN", "vi", "Cảm ơn bạn đã chờ"),
]


@pytest.fixture
def made(desk: DeskWorld) -> CheckIns:
    """Check-ins on the desk's parts."""
    return make(desk)


def make(desk: DeskWorld) -> CheckIns:
    deps = desk.parts.deps
    return open_check_ins(deps, Notices(deps.engine, deps.gate, deps.clock))


def waits(desk: DeskWorld, **given: object) -> Handoff:
    return desk.waiting("Hilfe", sender="ann", **given)


def ask_again(desk: DeskWorld, after_s: float = 15 * MINUTE, text: str = "Are you there?", **given: object) -> None:
    """The customer writes, and the burst comes to its end."""
    desk.clock.now += after_s
    desk.write(text, sender="ann", **given)  # type: ignore[arg-type]
    desk.clock.now += SETTLE_S + 1


def told(desk: DeskWorld, handoff: Handoff) -> list[Message]:
    return [row for row in desk.messages(handoff.conversation_id) if row.payload.get("response") == check_ins.REPLY]


def as_json(moment: float) -> object:
    return {"deadline": datetime.fromtimestamp(moment, UTC).isoformat()}


@pytest.mark.parametrize(("market", "language", "words"), IN_EVERY_LANGUAGE)
def test_once_more_until_when(desk: DeskWorld, made: CheckIns, market: str, language: str, words: str) -> None:
    handoff = waits(desk, market=market, language=language, hints=Hints(time_zone="Asia/Dubai"))
    ask_again(desk, market=market, language=language)
    assert made.look() == 1
    (said,) = told(desk, handoff)
    assert words in said.text
    assert (said.language, said.author) == (language, "system")
    assert said.payload["parts"][0][1]["promised_at"] == as_json(handoff.promised_at)
    assert ("courier", handoff.conversation_id) in desk.woken
    assert made.look() == 0


def test_no_clock_starts_or_stops(desk: DeskWorld, made: CheckIns) -> None:
    handoff = waits(desk)
    ask_again(desk)
    before = clocks(desk, handoff)
    assert made.look() == 1
    assert clocks(desk, handoff) == before
    assert desk.handoff(handoff.conversation_id).waiting_since == handoff.waiting_since


def clocks(desk: DeskWorld, handoff: Handoff) -> list[tuple[object, ...]]:
    with reading(desk.engine) as connection:
        mine = sa.select(promises).where(promises.c.handoff_id == handoff.id).order_by(promises.c.id)
        return [tuple(row) for row in connection.execute(mine)]


def test_not_before_a_silence_nor_in_the_middle_of_a_burst(desk: DeskWorld, made: CheckIns) -> None:
    waits(desk)
    ask_again(desk, SILENCE_S - 2 * SETTLE_S)  # adds what they forgot to say
    assert made.look() == 0
    desk.clock.now += 5 * MINUTE
    desk.write("hallo??", sender="ann")
    desk.clock.now += SETTLE_S - 1
    desk.write("noch da?", sender="ann")
    desk.clock.now += SETTLE_S - 1
    assert made.look() == 0
    desk.clock.now += 2
    assert made.look() == 1


def test_who_wrote_long_ago_is_not_woken(desk: DeskWorld, made: CheckIns) -> None:
    waits(desk)
    ask_again(desk)
    desk.clock.now += RECENT_S
    assert made.look() == 0


def test_who_does_not_write_hears_nothing(desk: DeskWorld, made: CheckIns) -> None:
    waits(desk)
    for _ in range(10):
        desk.clock.now += 5 * MINUTE
        assert made.look() == 0


def test_once_in_some_hours_and_a_few_times_in_all(desk: DeskWorld, made: CheckIns) -> None:
    handoff = waits(desk, tier="parts", hours=72)
    for _ in range(int(PAUSE_S // HOUR) * (MOST + 3) * 2):
        ask_again(desk, HOUR / 2)
        made.look()
    said = [message.created_at for message in told(desk, handoff)]
    assert len(said) == MOST
    assert all(later - earlier >= PAUSE_S for earlier, later in pairwise(said))


def test_never_after_a_person_has_answered(desk: DeskWorld, made: CheckIns) -> None:
    desk.add_agent("anna")
    handoff = waits(desk)
    desk.answer(handoff.conversation_id, "anna", "Ich sehe nach.", "de")
    ask_again(desk, 3 * HOUR)
    assert desk.handoff(handoff.conversation_id).waiting_since is not None
    assert made.look() == 0


@pytest.mark.parametrize("event", [Event.HAND_BACK, Event.CLOSE])
def test_nobody_has_it_any_more(desk: DeskWorld, made: CheckIns, event: Event) -> None:
    desk.add_agent("anna")
    handoff = waits(desk)
    desk.act(handoff.conversation_id, Event.TAKE, "anna")
    ask_again(desk)
    desk.act(handoff.conversation_id, event, "anna", seen=desk.conversation(handoff.conversation_id).last_seq)
    assert made.look() == 0


def test_while_an_agent_types_nobody_else_speaks(desk: DeskWorld, made: CheckIns) -> None:
    desk.add_agent("anna")
    handoff = waits(desk)
    desk.act(handoff.conversation_id, Event.TAKE, "anna")
    ask_again(desk)
    made.rung(typing_note(handoff.conversation_id, "customer", on=True))  # does not count
    made.rung(typing_note(handoff.conversation_id, "agent:anna", on=True))
    desk.clock.now += TYPING_S - 1
    assert made.look() == 0
    desk.clock.now += 2
    assert made.look() == 1


def test_a_broken_promise_is_told_by_the_apology(desk: DeskWorld, made: CheckIns) -> None:
    handoff = waits(desk, hours=1)
    ask_again(desk, HOUR)
    open_promise_watch(desk.parts.deps).look()
    assert made.look() == 0
    assert told(desk, handoff) == []


def test_nobody_hears_of_a_moment_that_is_upon_them(desk: DeskWorld, made: CheckIns) -> None:
    handoff = waits(desk, hours=1)
    ask_again(desk, HOUR - 40)  # 19 seconds are left; nobody has looked at the promise yet
    assert desk.clock.now < handoff.promised_at
    assert made.look() == 0


def test_the_promise_of_the_apology_is_the_one_that_holds(desk: DeskWorld, made: CheckIns) -> None:
    desk.clock.now = 1_795_600_000.0  # Tuesday, 24 November 2026, 16:26:40 UTC
    handoff = waits(desk, hours=1)
    desk.clock.now += HOUR + MINUTE
    watch = open_promise_watch(desk.parts.deps)
    while watch.look():
        pass
    anew = desk.handoff(handoff.conversation_id).promised_at
    assert anew > desk.clock.now
    ask_again(desk)
    assert made.look() == 1
    assert told(desk, handoff)[0].payload["parts"][0][1]["promised_at"] == as_json(anew)


def test_two_processes_tell_once(desk: DeskWorld, made: CheckIns) -> None:
    handoff = waits(desk)
    other = make(desk)
    ask_again(desk)
    with reading(desk.engine) as connection:
        (found,) = check_ins.due(connection, desk.clock.now, 10)
    assert made.look() == 1
    assert not other._tell(found, desk.clock.now)  # it had looked before the first one told
    assert len(told(desk, handoff)) == 1


@pytest.mark.parametrize(
    "channel", [ChannelState(None, "template", ""), ChannelState(None, "free", "", sendable=False)]
)
def test_what_cannot_be_sent_is_left(desk: DeskWorld, made: CheckIns, channel: ChannelState) -> None:
    handoff = waits(desk)
    ask_again(desk)
    shut = CheckIns(made.engine, made.notices, made.release, lambda _: channel, made.news, made.clock)
    assert shut.look() == 0
    assert shut._later[handoff.conversation_id] == desk.clock.now + AGAIN_S
    assert told(desk, handoff) == []


def test_a_photograph_is_something_that_they_wrote(desk: DeskWorld, made: CheckIns) -> None:
    handoff = waits(desk)
    ask_again(desk, text="", kind=Kind.MEDIA)
    assert made.look() == 1
    assert len(told(desk, handoff)) == 1


def test_a_customer_of_whom_it_fails_does_not_keep_the_others_from_hearing(
    desk: DeskWorld, made: CheckIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (desk.waiting("Hilfe", sender=name) for name in ("ann", "bob"))
    desk.clock.now += 15 * MINUTE
    for name in ("ann", "bob"):
        desk.write("Hallo?", sender=name)
    desk.clock.now += SETTLE_S + 1
    whole = CheckIns._tell

    def tell(self: CheckIns, found: CheckIn, now: float) -> bool:
        if found.conversation_id == first.conversation_id:
            raise KeyError("a market that is gone")
        return whole(self, found, now)

    monkeypatch.setattr(CheckIns, "_tell", tell)
    assert made.look() == 1
    assert len(told(desk, second)) == 1
    assert not told(desk, first)
