"""Which order a conversation is about."""

from dataclasses import replace

import pytest

from conversations.model import Message
from desk.conversation.order_said import order_said
from orders.number import make_number

ONE, TWO = make_number(482_193), make_number(100_000)
SAID = Message("m", "c", 1, "in", "customer", "text", "", "de", {}, "", "handled", 100.0)


@pytest.mark.parametrize(
    ("texts", "since", "number"),
    [
        ([], 0, ""),
        ([("customer", f"Bestellung {ONE}")], 0, ONE),
        ([("customer", f"{ONE}"), ("agent:anna", f"Meinen Sie {TWO}?")], 0, TWO),
        ([("customer", f"{ONE}"), ("bot", f"{TWO}")], 0, ONE),  # what the bot repeats says nothing
        ([("customer", f"{ONE[:-1]}{(int(ONE[-1]) + 1) % 10}")], 0, ""),  # mistyped
        ([("customer", f"{ONE}")], 101, ""),  # before the person's time
    ],
)
def test_the_last_number_of_the_persons_time(texts: list[tuple[str, str]], since: float, number: str) -> None:
    messages = [replace(SAID, author=author, text=text) for author, text in texts]
    assert order_said(messages, since) == number
