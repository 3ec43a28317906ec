"""Stored messages become WhatsApp messages within Meta's limits, in as few bubbles as that allows. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.channel import Outgoing, Planned, Words
from connectors.rendering.bidi import with_direction
from connectors.rendering.choices import Label, first_numbers, labels, whole_text
from connectors.rendering.fit import Dress, fit, fit_tail
from connectors.rendering.items import count_links
from connectors.rendering.length import utf16_length
from connectors.rendering.markup import without_markup

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_INTERACTIVE = 1024
MAX_BUTTONS = 3
MAX_BUTTON = 20
MAX_ROWS = 10
MAX_ROW = 24
MAX_DESCRIPTION = 72
_BETWEEN = "\n\n"


@dataclass(frozen=True)
class _Piece:
    """Words of one stored message, not dressed yet."""

    id: str
    text: str


def plan(rows: Sequence[Outgoing], words: Words) -> list[Planned]:
    """The messages that carry `rows`, in order; each body is a message without envelope and recipient.

    A body is {"type": "text" | "interactive" | "image" | "document", type: ...}, where a file of ours has its id as
    "file" until Meta has it (upload.py), or, for a row with a template, {"type": "template",
    "name", "parameters", "text": what it says in words}. Raises ValueError for a row that says nothing at all.
    """
    numbers = first_numbers(rows)
    return [planned for group in _groups(rows) for planned in _group(group, words, numbers[group[-1].id])]


def _groups(rows: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    """Rows that may share a bubble: one author and language, choices on the last, an image with the first at most."""
    group: list[Outgoing] = []
    for row in rows:
        if group and not _joins(group[-1], row):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _joins(last: Outgoing, row: Outgoing) -> bool:
    apart = last.choices or last.template or row.template or row.image or row.files
    return not apart and (last.author, last.language) == (row.author, row.language)


def _group(group: list[Outgoing], words: Words, number: int) -> Iterator[Planned]:
    first, last = group[0], group[-1]
    if first.template and (planned := _template(first, words)):
        yield planned
        return
    action = _action(last, words)
    pieces = [_piece(row, words, number if row is last and action is None else 0) for row in group]
    if first.image or first.files:
        captioned = action is None or first is not last
        caption = _dress(pieces[0].text, first.language) if captioned else ""
        caption = caption if utf16_length(caption) <= MAX_CAPTION else ""
        yield from _files(first, caption)
        pieces = pieces[1:] if caption or not pieces[0].text else pieces
    if action is None:
        yield from _texts(pieces, last.language)
    else:
        yield from _interactive(pieces, last.language, action)


def _piece(row: Outgoing, words: Words, first: int) -> _Piece:
    text = whole_text(row, words, first)
    if not text and not row.image and not row.files:
        raise ValueError(f"message {row.id} says nothing: the gate lets no empty text through")
    return _Piece(row.id, text)


def _template(row: Outgoing, words: Words) -> Planned | None:
    """The row as a template; None when it is longer than one message, so that no template can say it."""
    text = _dress(_said(row, words), row.language)
    if utf16_length(text) > MAX_TEXT:
        return None
    template = row.template or {}
    body = {"name": template["name"], "parameters": list(template.get("parameters", ())), "text": text}
    body |= {"payloads": list(template["payloads"])} if template.get("payloads") else {}
    return Planned((row.id,), {"type": "template", **body})


def _said(row: Outgoing, words: Words) -> str:
    return "\n".join(filter(None, [whole_text(row, words, first=1), row.image]))


def _texts(pieces: Sequence[_Piece], language: str) -> Iterator[Planned]:
    """`pieces` in text messages; neighbours share one where they fit."""
    held: list[_Piece] = []
    for piece in pieces:
        if held and utf16_length(_dressed([*held, piece], language)) > MAX_TEXT:
            yield from _message(held, language)
            held = []
        held.append(piece)
    if held:
        yield from _message(held, language)


def _message(pieces: Sequence[_Piece], language: str) -> Iterator[Planned]:
    text = _BETWEEN.join(piece.text for piece in pieces)
    for part in fit(text, MAX_TEXT, _dress_in(language)):
        yield Planned(_ids(pieces), {"type": "text", "text": {"body": part, "preview_url": count_links(part) == 1}})


def _interactive(pieces: list[_Piece], language: str, action: dict[str, Any]) -> Iterator[Planned]:
    """`pieces` with the choices under the last of them; what does not fit there goes ahead as text."""
    body = _dressed(pieces, language)
    if utf16_length(body) > MAX_INTERACTIVE:
        last = pieces[-1]
        head, body = fit_tail(last.text, MAX_INTERACTIVE, _dress_in(language))
        yield from _texts([*pieces[:-1], *([_Piece(last.id, head)] if head else [])], language)
        pieces = [last]
    yield Planned(_ids(pieces), {"type": "interactive", "interactive": {**action, "body": {"text": body}}})


def _action(row: Outgoing, words: Words) -> dict[str, Any] | None:
    """The choices as buttons or as a list; None when there are none or they must be numbered."""
    if not row.choices or not row.text.strip():
        return None
    if len(row.choices) <= MAX_BUTTONS and (found := labels(row.choices, row.language, MAX_BUTTON)):
        buttons = [{"type": "reply", "reply": {"id": label.id, "title": label.text}} for label in found]
        return {"type": "button", "action": {"buttons": buttons}}
    if len(row.choices) > MAX_ROWS or not 0 < utf16_length(words.options) <= MAX_BUTTON:
        return None
    if found := labels(row.choices, row.language, MAX_ROW):
        sections = [{"rows": [_list_row(label) for label in found]}]
        return {"type": "list", "action": {"button": words.options, "sections": sections}}
    return None


def _list_row(label: Label) -> dict[str, str]:
    row = {"id": label.id, "title": label.text}
    return {**row, "description": label.full} if 0 < utf16_length(label.full) <= MAX_DESCRIPTION else row


def _files(row: Outgoing, caption: str) -> Iterator[Planned]:
    """The row's picture and files, each a message; the words go with the first."""
    parts = [("image", {"link": row.image})] if row.image else []
    for file in row.files:
        named = {"filename": file.name} if file.kind == "document" else {}
        parts.append((file.kind, {"file": file.id, **named}))
    for place, (kind, part) in enumerate(parts):
        said = {"caption": caption} if caption and not place else {}
        yield Planned((row.id,), {"type": kind, kind: {**part, **said}})


def _dressed(pieces: Sequence[_Piece], language: str) -> str:
    return _dress(_BETWEEN.join(piece.text for piece in pieces), language)


def _dress(text: str, language: str) -> str:
    return without_markup(with_direction(text, language))


def _dress_in(language: str) -> Dress:
    return lambda text: _dress(text, language)


def _ids(pieces: Sequence[_Piece]) -> tuple[str, ...]:
    return tuple(piece.id for piece in pieces)
