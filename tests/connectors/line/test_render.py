"""Stored messages as LINE message objects: within LINE's limits, complete, in order, in few calls."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from connectors.channel import Choice, Outgoing, Planned, Words
from connectors.line.render import plan
from glossaries.masks import mask_spans
from tests.connectors.rendering.texts import LANGUAGES, graphemes, plain, real_texts, real_titles, rows, utf16

WORDS = Words("Options", "Answer with the number of your choice:")


def objects_of(planned: Sequence[Planned]) -> list[dict[str, Any]]:
    return [made for call in planned for made in call.body["messages"]]


def texts_of(planned: Sequence[Planned]) -> list[str]:
    return [made["text"] for made in objects_of(planned) if made["type"] == "text"]


def actions_of(planned: Sequence[Planned]) -> list[dict[str, str]]:
    return [item["action"] for made in objects_of(planned) for item in made.get("quickReply", {}).get("items", ())]


def choices(id_: str, *titles: str, short: str = "") -> tuple[Choice, ...]:
    return tuple(Choice(f"{id_}:{index}", title, short) for index, title in enumerate(titles))


def assert_within_limits(planned: Sequence[Planned]) -> None:
    for call in planned:
        assert list(call.body) == ["messages"]
        assert 1 <= len(call.body["messages"]) <= 5
    for made in objects_of(planned):
        if made["type"] == "text":
            assert 0 < utf16(made["text"]) <= 5000
            assert made["text"].strip()
        else:
            assert made["originalContentUrl"] == made["previewImageUrl"]
            assert made["originalContentUrl"].startswith("https://")
            assert made["originalContentUrl"].isascii()
            assert len(made["originalContentUrl"]) <= 2000
    assert all("quickReply" not in made for made in objects_of(planned)[:-1])
    actions = actions_of(planned)
    assert len(actions) <= 13
    for action in actions:
        assert action["type"] == "postback"
        assert 1 <= graphemes(action["label"]) <= 20
        assert 1 <= graphemes(action["displayText"]) <= 300
        assert 1 <= utf16(action["data"]) <= 300
    assert len({action["label"] for action in actions}) == len({action["data"] for action in actions}) == len(actions)


def assert_complete(given_rows: Sequence[Outgoing], planned: Sequence[Planned]) -> None:
    """All words of all rows in order; each choice is a quick reply or a numbered line; every id is carried."""
    shown = [action["data"] for action in actions_of(planned)]
    said = []
    for at, row in enumerate(given_rows):
        first = 1 + sum(len(later.choices) for later in given_rows[at + 1 :])  # no number is there twice
        numbered = [f"{number}. {choice.title}" for number, choice in enumerate(row.choices, first)]
        tapped = row.choices and all(choice.id in shown for choice in row.choices)
        said += [row.text, *([] if tapped or not numbered else [WORDS.choose, *numbered]), row.mark]
    assert plain("".join(texts_of(planned))) == plain("".join(said))
    ids = [choice.id for row in given_rows for choice in row.choices]
    assert shown == [id_ for id_ in ids if id_ in shown]
    assert list(dict.fromkeys(id_ for call in planned for id_ in call.messages)) == [row.id for row in given_rows]


@settings(max_examples=80, deadline=None)
@given(rows())
def test_limits_hold_and_nothing_is_lost(made: list[Outgoing]) -> None:
    planned = plan(made, WORDS)
    assert_within_limits(planned)
    assert_complete(made, planned)
    images = sum(item["type"] == "image" for item in objects_of(planned))
    assert images == sum(bool(row.image) for row in made)


def test_a_turn_is_one_call_of_separate_texts() -> None:
    made = [Outgoing(f"m{number}", f"Text {number}", "en") for number in range(5)]
    (call,) = plan(made, WORDS)
    assert call.messages == ("m0", "m1", "m2", "m3", "m4")
    assert texts_of([call]) == [row.text for row in made]


@pytest.mark.parametrize(("count", "calls"), [(6, 1), (40, 1)])
def test_more_texts_are_merged_no_further_than_needed(count: int, calls: int) -> None:
    made = [Outgoing(f"m{number}", f"Text {number}", "en") for number in range(count)]
    planned = plan(made, WORDS)
    assert (len(planned), len(objects_of(planned))) == (calls, 5)
    assert "\n\n".join(texts_of(planned)) == "\n\n".join(row.text for row in made)


def test_texts_of_two_people_are_never_merged() -> None:
    made = [Outgoing(f"m{number}", "Hi", "en", author=("bot", "agent:ann")[number % 2]) for number in range(12)]
    assert [len(call.body["messages"]) for call in plan(made, WORDS)] == [5, 5, 2]


def test_full_texts_take_as_few_calls_as_they_can() -> None:
    made = [Outgoing(f"m{number}", f"{number} " + "あ" * size, "ja") for number, size in enumerate([4000, 900] * 6)]
    planned = plan(made, WORDS)
    assert [len(call.body["messages"]) for call in planned] == [5, 5]
    assert_complete(made, planned)


def test_a_text_longer_than_a_bubble_is_split() -> None:
    (call,) = plan([Outgoing("a", "文です。" * 2000, "ja")], WORDS)
    assert [utf16(text) for text in texts_of([call])] == [5000, 3000]
    assert call.messages == ("a",)


def test_quick_replies_of_all_rows_stand_on_the_last_object() -> None:
    made = [
        Outgoing("a", "One?", "en", choices=choices("a", "Yes", "No")),
        Outgoing("b", "Two?", "en", choices=choices("b", "Red")),
        Outgoing("c", "Bye.", "en"),
    ]
    planned = plan(made, WORDS)
    *others, last = objects_of(planned)
    assert not any("quickReply" in made for made in others)
    action = {"type": "postback", "label": "Yes", "data": "a:0", "displayText": "Yes"}
    assert last["quickReply"]["items"][0] == {"type": "action", "action": action}
    assert [found["data"] for found in actions_of(planned)] == ["a:0", "a:1", "b:0"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ([str(number) for number in range(7)], [f"x{number}" for number in range(7)]),
        (["Yes"], ["yes"]),
        (["a" * 21], ["b"]),
    ],
)
def test_the_earlier_question_is_numbered_when_both_do_not_fit(earlier: list[str], later: list[str]) -> None:
    made = [
        Outgoing("a", "One?", "en", choices=choices("a", *earlier)),
        Outgoing("b", "Two?", "en", choices=choices("b", *later)),
    ]
    planned = plan(made, WORDS)
    assert [action["label"] for action in actions_of(planned)] == later
    lines = "\n".join(f"{number}. {title}" for number, title in enumerate(earlier, 1 + len(later)))
    assert texts_of(planned) == [f"One?\n\n{WORDS.choose}\n{lines}", "Two?"]


@pytest.mark.parametrize(
    ("title", "short", "label"),
    [
        ("👨‍👩‍👧‍👦" * 20, "", "👨‍👩‍👧‍👦" * 20),
        ("a" * 21, "short", "short"),
        ("a" * 301, "short", "short"),
        ("กำ" * 20, "", "กำ" * 20),
        ("a" * 21, "", ""),
        ("a" * 21, "b" * 21, ""),
    ],
)
def test_a_label_is_the_title_or_its_short_form_or_a_number(title: str, short: str, label: str) -> None:
    planned = plan([Outgoing("a", "?", "en", choices=choices("a", title, short=short))], WORDS)
    if not label:
        assert texts_of(planned) == [f"?\n\n{WORDS.choose}\n1. {title}"]
        return
    (action,) = actions_of(planned)
    assert action["label"] == label
    assert action["displayText"] == (title if len(title) < 301 else short)


def test_quick_replies_wait_for_the_last_call() -> None:
    made = [Outgoing("a", "?", "en", choices=choices("a", "Yes"))]
    made += [Outgoing(f"m{number}", "Hi", "en", author=f"agent:{number}") for number in range(6)]
    first, second = plan(made, WORDS)
    assert actions_of([first]) == []
    assert [action["data"] for action in actions_of([second])] == ["a:0"]
    assert second.messages == ("a", "m4", "m5")


def test_an_image_stands_before_its_text() -> None:
    row = Outgoing(
        "a", "Look.", "en", image="https://shop.example/bilder/größe 1%20.jpg?x=1", mark="Machine translation"
    )
    image, text = objects_of(plan([row], WORDS))
    assert image["originalContentUrl"] == "https://shop.example/bilder/gr%C3%B6%C3%9Fe%201%20.jpg?x=1"
    assert text == {"type": "text", "text": "Look.\nMachine translation"}
    (alone,) = objects_of(plan([replace(row, text="", mark="", choices=choices("a", "Yes"))], WORDS))
    assert (alone["type"], len(alone["quickReply"]["items"])) == ("image", 1)


@pytest.mark.parametrize("address", ["http://shop.example/a.jpg", "https://shop.example/" + "a" * 2000])
def test_an_image_that_line_refuses_is_a_link(address: str) -> None:
    assert texts_of(plan([Outgoing("a", "Look.", "en", image=address)], WORDS)) == [f"Look.\n{address}"]


def test_a_template_is_said_in_words() -> None:
    row = Outgoing("a", "Your order left.", "en", template={"name": "t", "parameters": []})
    assert texts_of(plan([row], WORDS)) == ["Your order left."]


def test_nothing_is_marked_up_and_arabic_begins_right_to_left() -> None:
    made = [Outgoing("a", "the *Neo*", "en"), Outgoing("b", "ORK-4821936 في الطريق", "ar")]
    assert texts_of(plan(made, WORDS)) == ["the *Neo*", "\u200fORK-4821936 في الطريق"]


def test_a_row_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="message a says nothing"):
        plan([Outgoing("a", "", "en")], WORDS)
    assert plan([], WORDS) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_texts_arrive_whole_with_their_items(language: str) -> None:
    said, titles = real_texts(language), real_titles(language)
    for start in range(0, len(said), 7):
        made = [
            Outgoing(f"m{at}", text, language, choices=choices(f"m{at}", *titles[at % 9 : at % 9 + at % 5]), mark="MT")
            for at, text in enumerate(said[start : start + 7])
        ]
        planned = plan(made, WORDS)
        assert_within_limits(planned)
        assert_complete(made, planned)
        assert len(planned) == 1
        sent = "\n".join(texts_of(planned))
        for row in made:
            kept = [span for span in mask_spans(row.text) if span.kind in ("link", "email", "order", "amount")]
            assert all(row.text[span.start : span.end] in sent for span in kept)
