"""Who gets a conversation: by table, and what holds for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.queue.routing import Absence, Case, Choice, Reason, Worker, choose, gone_since, plan

MARKETS, LANGUAGES, SKILLS = ("DE", "US", "JP"), ("de", "en", "ja"), ("baby", "home")


def worker(name: str = "anna", **changes: object) -> Worker:
    values: dict[str, object] = {
        "markets": ("*",), "languages": ("de", "en"), "skills": (), "capacity": 3, "load": 0, "idle_since": 0.0,
        "on_duty": frozenset(MARKETS), **changes,
    }  # fmt: skip
    return Worker(name, **values)  # type: ignore[arg-type]


def case(**changes: object) -> Case:
    values: dict[str, object] = {
        "id": "c", "market": "DE", "language": "de", "category": "", "promised_at": 1.0, "at_risk": False, **changes,
    }  # fmt: skip
    return Case(**values)  # type: ignore[arg-type]


KEN, BUSY_KEN, FULL_KEN = (worker("ken", languages=("ja",), load=load) for load in (0, 2, 3))
HOME = worker(skills=("home",))
CASES = [
    ("nobody is there", case(), [], "", Reason.NOBODY),
    ("one is there", case(), [worker()], "anna", Reason.SPEAKS),
    ("another market", case(), [worker(markets=("US",))], "", Reason.NOBODY),
    ("off duty", case(), [worker(on_duty=frozenset({"US"}))], "", Reason.NOBODY),
    ("off duty, but danger", case(safety=True), [worker(on_duty=frozenset())], "anna", Reason.SPEAKS),
    ("full", case(), [worker(load=3)], "", Reason.FULL),
    ("full, even for danger", case(safety=True), [worker(load=3)], "", Reason.FULL),
    ("speaks before translates", case(language="ja"), [worker(), BUSY_KEN], "ken", Reason.SPEAKS),
    ("nobody speaks it", case(language="ja"), [worker()], "anna", Reason.TRANSLATES),
    ("who speaks it is full", case(language="ja"), [worker(), FULL_KEN], "", Reason.SPEAKERS_FULL),
    ("full, at risk", case(language="ja", at_risk=True), [worker(), FULL_KEN], "anna", Reason.TRANSLATES),
    ("unknown language", case(language=""), [worker(languages=("ja",))], "anna", Reason.SPEAKS),
    ("knows the product", case(category="baby"), [HOME, worker("bea", skills=("baby",), load=2)], "bea", Reason.SPEAKS),
    ("no skills are all", case(category="baby"), [HOME, worker("bea", load=2)], "bea", Reason.SPEAKS),
    ("least loaded", case(), [worker(load=2), worker("bea", load=1)], "bea", Reason.SPEAKS),
    ("share", case(), [worker(load=1, capacity=2), worker("bea", load=2, capacity=8)], "bea", Reason.SPEAKS),
    ("longest idle", case(), [worker(idle_since=5.0), worker("bea", idle_since=4.0)], "bea", Reason.SPEAKS),
    ("had them before", case(before="anna"), [worker(load=2), worker("bea")], "anna", Reason.RETURNS),
    ("had them before, full", case(before="anna"), [worker(load=3), worker("bea")], "bea", Reason.SPEAKS),
    ("had them before, does not speak it", case(before="anna", language="ja"), [worker(), KEN], "ken", Reason.SPEAKS),
    ("leads stay free", case(), [worker(load=2), worker("lea", lead=True)], "anna", Reason.SPEAKS),
    ("a lead helps", case(), [worker(load=3), worker("lea", lead=True)], "lea", Reason.SPEAKS),
    ("a lead is asked for", case(escalated=True), [worker(), worker("lea", lead=True, load=2)], "lea", Reason.LEAD),
    ("a lead is asked for, none is there", case(escalated=True), [worker()], "", Reason.NOBODY),
]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "workers", "name", "reason"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_choose(item: Case, workers: list[Worker], name: str, reason: Reason) -> None:
    assert choose(item, workers) == Choice(name, reason)


def test_danger_and_then_the_nearest_promise_is_given_first() -> None:
    cases = [
        case(id="late", promised_at=9.0),
        case(id="soon", promised_at=2.0),
        case(id="danger", promised_at=99.0, safety=True),
    ]
    assert [item.id for item, _ in plan(cases, [worker(capacity=2)], 0.0)] == ["danger", "soon"]


def test_who_has_just_been_given_one_is_busier_and_less_idle() -> None:
    cases = [case(id=str(number), promised_at=number) for number in range(4)]
    names = [choice.name for _, choice in plan(cases, [worker(), worker("bea")], 1.0)]
    assert sorted(names) == ["anna", "anna", "bea", "bea"]
    assert names[0] != names[1]


@pytest.mark.parametrize(
    ("absence", "gone"),
    [
        (Absence(False, False, 0.0, 990.0, True), None),
        (Absence(True, False, 0.0, 990.0, True), ("disabled", 0.0)),
        (Absence(False, False, 0.0, 100.0, True), ("not_seen", 100.0)),
        (Absence(False, False, 0.0, None, True), ("not_seen", 0.0)),
        (Absence(False, True, 950.0, 990.0, True), ("away", 950.0)),
        (Absence(False, False, 0.0, 990.0, False), ("off_duty", 0.0)),
    ],
)
def test_who_is_gone(absence: Absence, gone: tuple[str, float] | None) -> None:
    assert gone_since(absence, 1_000.0, 180.0) == gone


some = st.builds(
    Worker,
    name=st.text("abcdef", min_size=1, max_size=3),
    markets=st.one_of(st.just(("*",)), st.lists(st.sampled_from(MARKETS), unique=True).map(tuple)),
    languages=st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True).map(tuple),
    skills=st.lists(st.sampled_from(SKILLS), unique=True).map(tuple),
    capacity=st.integers(1, 4),
    load=st.integers(0, 6),
    idle_since=st.floats(0, 100),
    lead=st.booleans(),
    on_duty=st.frozensets(st.sampled_from(MARKETS)),
)
waiting = st.builds(
    Case,
    id=st.uuids().map(str),
    market=st.sampled_from(MARKETS),
    language=st.sampled_from(("", *LANGUAGES)),
    category=st.sampled_from(("", *SKILLS)),
    promised_at=st.floats(0, 1_000),
    at_risk=st.booleans(),
    escalated=st.booleans(),
    safety=st.booleans(),
    before=st.text("abcdef", max_size=3),
)
teams = st.lists(some, max_size=6, unique_by=lambda one: one.name)
queues = st.lists(waiting, max_size=12, unique_by=lambda one: one.id)


@given(queues, teams)
def test_what_holds_for_every_plan(cases: list[Case], team: list[Worker]) -> None:
    given_to = plan(cases, team, 200.0)
    by_name = {one.name: one for one in team}
    loads = {one.name: one.load for one in team}
    order = [(not item.safety, item.promised_at, item.id) for item, _ in given_to]
    assert order == sorted(order)  # the nearest promise first
    assert len({item.id for item, _ in given_to}) == len(given_to)  # each once
    for item, choice in given_to:
        who = by_name[choice.name]
        assert "*" in who.markets or item.market in who.markets
        assert item.safety or item.market in who.on_duty
        assert who.lead or not item.escalated
        could = [one for one in team if one.can_take(item) and loads[one.name] < one.capacity]
        assert who.speaks(item) or not any(one.speaks(item) for one in could)
        loads[choice.name] += 1
        assert loads[choice.name] <= who.capacity  # nobody has more than they can
    left = {item.id for item in cases} - {item.id for item, _ in given_to}
    for item in cases:
        if item.id in left and (item.at_risk or item.safety):  # nobody urgent waits while somebody could
            assert not any(one.can_take(item) and loads[one.name] < one.capacity for one in team)
