"""What WhatsApp would take for formatting reads as it is written."""

import re

import pytest
from hypothesis import given, settings

from connectors.rendering.markup import without_markup
from glossaries.masks import mask_spans
from tests.connectors.rendering.texts import LANGUAGES, real_texts, texts

# The rule of another WhatsApp client (mautrix-whatsapp), written anew: which texts it would format.
CLIENT = re.compile(
    r"(?:^|[\s>~_])\*(?=\S).+?(?<=\S)\*(?:[^a-zA-Z\d]|$)"
    r"|(?:^|[\s>~*])_(?=\S).+?(?<=\S)_(?:[^a-zA-Z\d]|$)"
    r"|(?:^|[\s>_*])~(?=\S).+?(?<=\S)~(?:[^a-zA-Z\d]|$)"
    r"|(?s:```.+?```)|^> ",
    re.MULTILINE,
)
J = "\u2060"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("5*3*2 cm", "5*3*2 cm"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("*5*3 cm", "*5*3 cm"),
        ("a_b_c.txt", "a_b_c.txt"),
        ("~3 € – ~5 €", "~3 € – ~5 €"),
        ("3~5 days, 7~10 days", "3~5 days, 7~10 days"),
        ("one * only", "one * only"),
        ("* first\n* second", "* first\n* second"),
        ("*two\nlines*", "*two\nlines*"),
        ("Price* with note*", "Price* with note*"),
        ("the *Neo*", f"the {J}*Neo*"),
        ("*_Neo_*", f"{J}*{J}_Neo_*"),
        ("(_x_), ~y~!", f"({J}_x_), {J}~y~!"),
        ("*الطلب*", f"{J}*الطلب*"),
        ("は*新*です", "は*新*です"),
        ("「*新*」", f"「{J}*新*」"),
        ("`code`", f"{J}`code`"),
        ("```a\nb```", f"{J}`{J}`{J}`a\nb{J}`{J}`{J}`"),
        ("```\n``````\n```", "```\n``````\n```".replace("`", f"{J}`")),
        ("> 5 kg\n>2", f"{J}> 5 kg\n>2"),
        ("https://a.example/_x_/ and *y*", f"https://a.example/_x_/ and {J}*y*"),
        ("_https://a.example/x_", f"{J}_https://a.example/x_"),
        ("", ""),
    ],
)
def test_a_joiner_stands_before_what_would_format(text: str, sent: str) -> None:
    assert without_markup(text) == sent


@settings(max_examples=300, deadline=None)
@given(texts())
def test_nothing_is_formatted_and_nothing_is_changed(text: str) -> None:
    sent = without_markup(text)
    assert sent.replace(J, "") == text.replace(J, "")
    assert without_markup(sent) == sent
    links = re.compile(r"(?:https?://|www\.)\S+")
    assert links.findall(sent.replace(" " + J, " ")) == links.findall(text) or J in "".join(links.findall(sent))
    assert not CLIENT.search(links.sub("x", sent))


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_texts_and_their_items_are_not_changed(language: str) -> None:
    for text in real_texts(language):
        assert without_markup(text) == text
        starred = f"*{text}* _{text}_"
        sent = without_markup(starred)
        kept = [span for span in mask_spans(starred) if span.kind in ("link", "order", "amount")]
        items = [starred[span.start : span.end] for span in kept]
        assert all(item in sent for item in items)
