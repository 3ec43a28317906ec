"""What is asked before a conversation ends: who still waits, and how many messages nobody has answered."""

from conversations.ownership import Event
from tests.support.desk import DeskWorld


def taken(desk: DeskWorld) -> str:
    """A conversation that anna has; the customer has written two messages."""
    one = desk.waiting("Hilfe", sender="kim").conversation_id
    desk.add_agent("anna")
    desk.act(one, Event.TAKE, "anna")
    desk.write("Hallo?", sender="kim")
    return one


def test_it_counts_what_is_unanswered(desk: DeskWorld) -> None:
    one = taken(desk)
    client = desk.client("anna", partial=True)
    page = client.get(f"/desk/c/{one}/close").text
    assert "2 messages are unanswered" in page
    assert "Your draft is kept" not in page
    assert "Your draft is kept" in client.get(f"/desk/c/{one}/close?draft=1").text
    assert 'data-waits="yes"' in client.get(f"/desk/c/{one}/header").text


def test_nobody_waits_where_all_is_answered(desk: DeskWorld) -> None:
    one = taken(desk)
    desk.answer(one, "anna", "Es ist da.", "de")
    client = desk.client("anna", partial=True)
    page = client.get(f"/desk/c/{one}/close?draft=1").text
    assert "waiting for an answer" not in page
    assert "unanswered" not in page
    assert "data-waits" not in client.get(f"/desk/c/{one}/header").text


def test_keys_of_the_header_are_no_others(desk: DeskWorld) -> None:
    one = taken(desk)
    header = desk.client("anna", partial=True).get(f"/desk/c/{one}/header").text
    assert 'data-shortcut="p"' in header  # u adds files
    assert header.index("ask-escalate") > header.index('data-shortcut="shift+e"')  # one key alone asks first
