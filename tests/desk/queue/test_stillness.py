"""What a line and an empty list tell: who knows of the promise, and why nothing comes."""

import pytest
import sqlalchemy as sa

from conversations import ownership
from conversations.ownership import SYSTEM, Action, Event
from core.schema_desk import promises
from desk.web.words import load_words
from tests.support.desk import HOUR, DeskWorld

LANGUAGES = sorted(load_words())
ALWAYS = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
NEVER = {**{day: [] for day in ALWAYS}, "sun": ["03:00-04:00"]}


def pane(desk: DeskWorld, name: str, query: str = "view=mine", **agent: object) -> str:
    return desk.client(name, **agent).get(f"/desk/queue/rows?{query}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_says_promised_only_of_what_the_customer_was_told(desk: DeskWorld, language: str) -> None:
    told = desk.waiting("Hallo", hours=24)
    own = desk.waiting("Und ich?", hours=5)
    with desk.engine.begin() as connection:
        connection.execute(
            sa.update(promises).where(promises.c.conversation_id == own.conversation_id).values(told=False)
        )
    assert told.promised_at - desk.clock() == 24 * HOUR
    html = pane(desk, "mei", "view=waiting", interface=language)
    lines = dict(zip((own.conversation_id, told.conversation_id), html.split('<li class="queue-row"')[1:], strict=True))
    words = load_words()[language]
    parts = {key: words(f"queue.{key}", time="|").split("|") for key in ("promised", "answer_by")}
    for conversation_id, key in ((told.conversation_id, "promised"), (own.conversation_id, "answer_by")):
        assert all(part in lines[conversation_id] for part in parts[key])
    assert parts["promised"][0] not in lines[own.conversation_id]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("agent", "reasons"),
    [
        ({"presence": "here", "duty_hours": ALWAYS}, set()),
        ({"presence": "away", "duty_hours": ALWAYS}, {"away"}),
        ({"presence": "here", "duty_hours": NEVER}, {"off_duty"}),
        ({"presence": "away", "duty_hours": NEVER}, {"away", "off_duty"}),
    ],
)
def test_an_empty_list_says_why(desk: DeskWorld, language: str, agent: dict[str, object], reasons: set[str]) -> None:
    desk.waiting("Es brennt", tier="safety")
    html = pane(desk, "mei", interface=language, **agent)
    words = load_words()[language]
    assert (f"{words('queue.still.off_duty')}" in html) == ("off_duty" in reasons)
    assert ("<p data-when-away>" in html) == ("away" in reasons)
    assert words("queue.still.waiting") in html
    assert '<span class="count" data-count="waiting">1</span></p>' in html


def test_an_admin_who_is_alone_is_told_to_add_people(desk: DeskWorld) -> None:
    alone = load_words()["en"]("queue.still.alone")
    assert alone in pane(desk, "root", role="admin")
    desk.add_agent("edda", role="editor")
    assert alone in pane(desk, "root")
    desk.add_agent("anna")
    assert alone not in pane(desk, "root")
    assert alone not in pane(desk, "anna")


def test_other_lists_say_nothing_of_it(desk: DeskWorld) -> None:
    assert "data-when-away" not in pane(desk, "anna", "view=waiting")
    assert "data-when-away" not in pane(desk, "anna", "view=mine&market=DE")


def test_the_start_page_is_the_queue_in_the_rail(desk: DeskWorld) -> None:
    client = desk.client("anna")
    for path in ("/desk/", "/desk/queue"):
        rail = client.get(path).text.partition('<nav class="rail"')[2].partition("</nav>")[0]
        assert rail.count('aria-current="page"') == 1
        assert 'href="/desk/queue" data-shortcut="g q" aria-current="page"' in rail


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", ["away", "off_duty", "not_seen", "disabled"])
def test_the_thread_says_why_the_desk_took_a_conversation_back(desk: DeskWorld, why: str, language: str) -> None:
    found = desk.waiting("Hallo")
    desk.add_agent("anna", display_name="Anna Berg")
    desk.act(found.conversation_id, Event.TAKE, "anna")
    action = Action(Event.RELEASE, SYSTEM, f"{why}: agent:anna", lead=True)
    ownership.act(desk.engine, found.conversation_id, action, desk.clock())
    html = desk.client("lena", role="lead", interface=language).get(f"/desk/c/{found.conversation_id}").text
    assert load_words()[language](f"conversation.event.release_{why}", other="Anna Berg") in html
