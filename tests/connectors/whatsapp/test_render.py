"""Stored messages as WhatsApp messages: within Meta's limits, complete, in order, in few bubbles."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from connectors.channel import Choice, Outgoing, Planned, Words
from connectors.whatsapp.render import plan
from glossaries.masks import mask_spans
from tests.connectors.rendering.texts import LANGUAGES, plain, real_texts, real_titles, rows, utf16

WORDS = Words("Options", "Answer with the number of your choice:")
YES, NO = Choice("m:0", "Yes"), Choice("m:1", "No")
LONG = "A sentence of some words. " * 50  # 1,300 characters


def texts_of(body: dict[str, Any]) -> str:
    """All words of a body that stand in the conversation itself."""
    match body["type"]:
        case "text":
            return str(body["text"]["body"])
        case "image":
            return str(body["image"].get("caption", ""))
        case "template":
            return str(body["text"])
    return str(body["interactive"]["body"]["text"])


def buttons_of(body: dict[str, Any]) -> list[dict[str, str]]:
    """Buttons or list rows of a body."""
    action = body.get("interactive", {}).get("action", {})
    listed = [row for section in action.get("sections", ()) for row in section["rows"]]
    return [button["reply"] for button in action.get("buttons", ())] or listed


def assert_within_limits(body: dict[str, Any]) -> None:
    words = texts_of(body)
    limit = {"text": 4096, "image": 1024, "interactive": 1024, "template": 4096}[body["type"]]
    assert utf16(words) <= limit
    assert words.strip() or body["type"] == "image"
    assert "caption" not in body.get("image", {}) or words
    if body["type"] != "interactive":
        return
    kind, action, shown = body["interactive"]["type"], body["interactive"]["action"], buttons_of(body)
    assert 1 <= len(shown) <= {"button": 3, "list": 10}[kind]
    assert all(0 < utf16(button["title"]) <= {"button": 20, "list": 24}[kind] for button in shown)
    assert all(0 < utf16(button["id"]) <= 200 for button in shown)
    assert all(0 < utf16(button.get("description", "x")) <= 72 for button in shown)
    assert len({button["title"] for button in shown}) == len({button["id"] for button in shown}) == len(shown)
    assert kind == "button" or 0 < utf16(action["button"]) <= 20


def assert_complete(given_rows: Sequence[Outgoing], planned: Sequence[Planned]) -> None:
    """All words of all rows in order; each choice is a button or a numbered line; ids in order."""
    shown = {button["id"] for call in planned for button in buttons_of(dict(call.body))}
    said = []
    for at, row in enumerate(given_rows):
        first = 1 + sum(len(later.choices) for later in given_rows[at + 1 :])  # no number is there twice
        numbered = [f"{number}. {choice.title}" for number, choice in enumerate(row.choices, first)]
        as_buttons = row.choices and all(choice.id in shown for choice in row.choices)
        said += [row.text, *([] if as_buttons or not numbered else [WORDS.choose, *numbered]), row.mark]
    assert plain("".join(texts_of(dict(call.body)) for call in planned)) == plain("".join(said))
    order = list(dict.fromkeys(id_ for call in planned for id_ in call.messages))
    assert order == [row.id for row in given_rows]


def only(planned: Iterable[Planned]) -> dict[str, Any]:
    (call,) = planned
    return dict(call.body)


@settings(max_examples=80, deadline=None)
@given(rows())
def test_limits_hold_and_nothing_is_lost(made: list[Outgoing]) -> None:
    planned = plan(made, WORDS)
    for call in planned:
        assert_within_limits(dict(call.body))
    assert_complete(made, planned)
    assert sum("image" in call.body for call in planned) == sum(bool(row.image) for row in made)


def test_plain_rows_share_a_bubble() -> None:
    made = [Outgoing("a", "One.", "en"), Outgoing("b", "Two.", "en"), Outgoing("c", "Which?", "en", choices=(YES, NO))]
    text = {"body": "One.\n\nTwo.", "preview_url": False}
    assert plan(made[:2], WORDS) == [Planned(("a", "b"), {"type": "text", "text": text})]
    body = only(plan(made, WORDS))
    assert texts_of(body) == "One.\n\nTwo.\n\nWhich?"
    assert buttons_of(body) == [{"id": "m:0", "title": "Yes"}, {"id": "m:1", "title": "No"}]


@pytest.mark.parametrize(
    "second",
    [
        Outgoing("b", "Two.", "de"),
        Outgoing("b", "Two.", "en", author="agent:ann"),
        Outgoing("b", LONG * 3, "en"),
        Outgoing("b", "Two.", "en", template={"name": "t"}),
        Outgoing("b", "Two.", "en", image="https://shop.example/a.jpg"),
    ],
)
def test_what_differs_has_its_own_bubble(second: Outgoing) -> None:
    for earlier in (Outgoing("a", "One. " * 200, "en"), Outgoing("a", "Which?", "en", choices=(YES, NO))):
        planned = plan([earlier, second], WORDS)
        assert [call.messages for call in planned] == [("a",), ("b",)]


def test_a_long_text_goes_ahead_and_its_last_part_has_the_buttons() -> None:
    first, second = plan([Outgoing("a", LONG, "en", choices=(YES, NO))], WORDS)
    assert first.body["type"] == "text"
    assert [button["id"] for button in buttons_of(dict(second.body))] == ["m:0", "m:1"]
    assert 128 <= utf16(texts_of(dict(second.body))) <= 1024
    assert first.messages == second.messages == ("a",)


def test_earlier_rows_share_a_bubble_with_what_goes_ahead() -> None:
    made = [Outgoing("a", "Hello.", "en"), Outgoing("b", LONG, "en", choices=(YES, NO))]
    assert [call.messages for call in plan(made, WORDS)] == [("a", "b"), ("b",)]


@pytest.mark.parametrize(
    ("choices", "kind"),
    [
        (["Yes", "No", "Perhaps"], "button"),
        (["a" * 20], "button"),
        (["a" * 21], "list"),
        (["a", "b", "c", "d"], "list"),
        (["a" * 24] + [str(number) for number in range(9)], "list"),
        ([str(number) for number in range(11)], "text"),
        (["a" * 25], "text"),
        (["Yes", "Yes"], "text"),
        (["👍🏽" * 5], "button"),
        (["👍🏽" * 6], "list"),
        (["👍🏽" * 7], "text"),
    ],
)
def test_choices_are_buttons_or_a_list_or_numbers(choices: list[str], kind: str) -> None:
    offered = tuple(Choice(f"m:{index}", title) for index, title in enumerate(choices))
    body = only(plan([Outgoing("a", "Which?", "en", choices=offered)], WORDS))
    assert body.get("interactive", {}).get("type", body["type"]) == kind
    if kind == "text":
        lines = "\n".join(f"{number}. {title}" for number, title in enumerate(choices, 1))
        assert body["text"]["body"] == f"Which?\n\n{WORDS.choose}\n{lines}"


def test_a_list_row_in_short_says_its_full_title_below() -> None:
    offered = tuple(
        Choice(f"m:{number}", f"{number} {'long title ' * 4}".strip(), f"No {number}") for number in range(4)
    )
    rows_shown = buttons_of(only(plan([Outgoing("a", "Which?", "en", choices=offered)], WORDS)))
    assert rows_shown[1] == {
        "id": "m:1",
        "title": "No 1",
        "description": "1 long title long title long title long title",
    }
    too_long = tuple(replace(choice, title=choice.title * 2) for choice in offered)
    assert "description" not in buttons_of(only(plan([Outgoing("a", "?", "en", choices=too_long)], WORDS)))[0]


@pytest.mark.parametrize("options", ["", "A label of more than twenty"])
def test_without_a_label_for_the_list_choices_are_numbered(options: str) -> None:
    offered = tuple(Choice(f"m:{number}", str(number)) for number in range(4))
    row = Outgoing("a", "Which?", "en", choices=offered)
    assert only(plan([row], replace(WORDS, options=options)))["type"] == "text"


def test_an_image_has_the_text_as_caption_where_it_fits() -> None:
    row = Outgoing("a", "Look.", "en", image="https://shop.example/a.jpg", mark="Machine translation")
    image = {"link": "https://shop.example/a.jpg", "caption": "Look.\nMachine translation"}
    assert only(plan([row], WORDS)) == {"type": "image", "image": image}
    kinds = [call.body["type"] for call in plan([replace(row, text=LONG)], WORDS)]
    assert kinds == ["image", "text"]
    kinds = [call.body["type"] for call in plan([replace(row, choices=(YES, NO))], WORDS)]
    assert kinds == ["image", "interactive"]
    assert only(plan([replace(row, text="", mark="")], WORDS))["image"] == {"link": "https://shop.example/a.jpg"}


def test_a_template_goes_alone_with_its_words() -> None:
    template = {"name": "order_shipped", "parameters": ["Ann", "ORK-4821936"]}
    made = [
        Outgoing("a", "Hi.", "en"),
        Outgoing("b", "Order *ORK* left.", "en", template=template),
        Outgoing("c", "x", "en"),
    ]
    planned = plan(made, WORDS)
    assert [call.messages for call in planned] == [("a",), ("b",), ("c",)]
    assert planned[1].body == {"type": "template", **template, "text": "Order \u2060*ORK* left."}
    too_long = plan([Outgoing("b", LONG * 4, "en", template=template)], WORDS)
    assert [call.body["type"] for call in too_long] == ["text", "text"]


@pytest.mark.parametrize(
    ("text", "preview"),
    [
        ("See https://a.example/1.", True),
        ("See https://a.example/1 or https://a.example/2", False),
        ("See a.example/1", False),
        ("追跡はhttps://a.example/1です。", True),
    ],
)
def test_one_link_has_a_preview(text: str, preview: bool) -> None:
    assert only(plan([Outgoing("a", text, "en")], WORDS))["text"]["preview_url"] is preview


def test_the_mark_is_the_last_line() -> None:
    row = Outgoing("a", "Text", "en", choices=(YES, NO), mark="Machine translation")
    assert texts_of(only(plan([row], WORDS))) == "Text\nMachine translation"
    row = replace(row, choices=(replace(YES, title="y" * 30),))
    assert texts_of(only(plan([row], WORDS))).endswith(f"1. {'y' * 30}\nMachine translation")


def test_arabic_begins_right_to_left_in_every_bubble() -> None:
    row = Outgoing("a", "ORK-4821936 في الطريق إليك.\n" * 60, "ar", choices=(Choice("a:0", "نعم"),))
    planned = plan([row], WORDS)
    assert len(planned) > 1
    assert all(line.startswith("\u200fORK") for call in planned for line in texts_of(dict(call.body)).splitlines())


def test_a_row_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="message a says nothing"):
        plan([Outgoing("a", " \n", "en")], WORDS)
    assert plan([], WORDS) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_texts_arrive_whole_with_their_items(language: str) -> None:
    said, titles = real_texts(language), real_titles(language)
    made = [
        Outgoing(f"m{index}", text, language, choices=_choices(index, titles), mark="*" if index % 4 == 0 else "")
        for index, text in enumerate(said)
    ]
    planned = plan(made, WORDS)
    for call in planned:
        assert_within_limits(dict(call.body))
    assert_complete(made, planned)
    assert len(planned) < len(made)
    sent = "\n".join(texts_of(dict(call.body)) for call in planned)
    for text in said:
        kept = [span for span in mask_spans(text) if span.kind in ("link", "email", "order", "amount")]
        assert all(text[span.start : span.end] in sent for span in kept)


def _choices(index: int, titles: Sequence[str]) -> tuple[Choice, ...]:
    """Choices for every third message: 0 to 11 of them."""
    count = index % 12 if index % 3 == 0 else 0
    return tuple(Choice(f"m{index}:{at}", titles[(index + at) % len(titles)]) for at in range(count))
