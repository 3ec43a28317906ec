"""Stored messages become LINE message objects, packed into as few calls as possible. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from connectors.channel import Choice, OutFile, Outgoing, Planned, Words
from connectors.rendering.bidi import with_direction
from connectors.rendering.choices import Label, first_numbers, labels, whole_text
from connectors.rendering.fit import fit
from connectors.rendering.length import grapheme_length, utf16_length

MAX_OBJECTS = 5
MAX_TEXT = 5000
MAX_QUICK_REPLIES = 13
MAX_LABEL = 20  # graphemes, as the next
MAX_DISPLAY = 300
MAX_ADDRESS = 2000
_BETWEEN = "\n\n"


@dataclass(frozen=True)
class _Object:
    """A message object: a text, or the image at an address."""

    ids: tuple[str, ...]
    voice: tuple[str, str]  # author and language
    text: str = ""
    image: str = ""

    def to_json(self) -> dict[str, Any]:
        if self.image:
            return {"type": "image", "originalContentUrl": self.image, "previewImageUrl": self.image}
        return {"type": "text", "text": self.text}


def plan(rows: Sequence[Outgoing], words: Words) -> list[Planned]:
    """The calls that carry `rows`, in order; each body is {"messages": 1 to 5 message objects}.

    Quick replies of all rows stand on the very last object, as LINE shows no others. Raises ValueError for a row that
    says nothing at all.
    """
    tapped = _tapped(rows)
    first = {**first_numbers(rows), **dict.fromkeys(tapped, 0)}
    objects = _packed([made for row in rows for made in _objects(row, words, first[row.id])])
    planned = [_call(objects[at : at + MAX_OBJECTS]) for at in range(0, len(objects), MAX_OBJECTS)]
    return [*planned[:-1], _with_quick_replies(planned[-1], tapped)] if tapped else planned


def _tapped(rows: Sequence[Outgoing]) -> dict[str, list[dict[str, Any]]]:
    """Quick replies by the row's id, in order; a row with choices that is not there gets them numbered.

    The later question is the open one, so an earlier one gives way where there are too many or two look alike.
    """
    kept: dict[str, list[dict[str, Any]]] = {}
    taken: list[Label] = []
    for row in reversed(rows):
        says = row.text.strip() or row.image or row.files
        found = labels(row.choices, row.language, MAX_LABEL, grapheme_length) if says else None
        if found and _fit_together([*found, *taken]):
            kept = {row.id: [_item(*pair) for pair in zip(found, row.choices, strict=True)], **kept}
            taken += found
    return kept


def _fit_together(found: Sequence[Label]) -> bool:
    texts, ids = {label.text.casefold() for label in found}, {label.id for label in found}
    return len(texts) == len(ids) == len(found) <= MAX_QUICK_REPLIES


def _item(label: Label, choice: Choice) -> dict[str, Any]:
    title = choice.title.strip()
    shown = title if grapheme_length(title) <= MAX_DISPLAY else label.text
    action = {"type": "postback", "label": label.text, "data": label.id, "displayText": shown}
    return {"type": "action", "action": action}


def _objects(row: Outgoing, words: Words, first: int) -> Iterator[_Object]:
    images, links = _files(row)
    text = "\n".join(filter(None, [whole_text(row, words, first), *links])).strip()
    if not text and not images:
        raise ValueError(f"message {row.id} says nothing: the gate lets no empty text through")
    empty = _Object((row.id,), (row.author, row.language))
    for image in images:
        yield replace(empty, image=image)
    for part in fit(text, MAX_TEXT, partial(with_direction, language=row.language)):
        yield replace(empty, text=part)


def _files(row: Outgoing) -> tuple[list[str], list[str]]:
    """(addresses of pictures, lines of text for what LINE shows no picture of: it takes no other file)."""
    images, links = [], []
    given = [OutFile("", "image", "", row.image)] if row.image else []
    for file in (*given, *row.files):
        address = quote(file.link, safe="!#$%&'()*+,/:;=?@[]~")
        if file.kind == "image" and len(address) <= MAX_ADDRESS and address.startswith("https://"):
            images.append(address)
        else:
            links.append(f"\n{file.name}\n{file.link}" if file.name else file.link)
    return images, links


def _packed(objects: Sequence[_Object]) -> list[_Object]:
    """`objects`, neighbours merged only as far as it saves a call, the shortest first."""
    fullest: list[_Object] = []
    for made in objects:
        if fullest and (merged := _merged(fullest[-1], made)):
            fullest[-1] = merged
        else:
            fullest.append(made)
    room = -(-len(fullest) // MAX_OBJECTS) * MAX_OBJECTS
    packed = list(objects)
    while len(packed) > room:
        pairs = [(at, merged) for at, pair in enumerate(pairwise(packed)) if (merged := _merged(*pair))]
        if not pairs:
            return fullest
        at, merged = min(pairs, key=lambda pair: utf16_length(pair[1].text))
        packed[at : at + 2] = [merged]
    return packed


def _merged(one: _Object, other: _Object) -> _Object | None:
    """Both in one text; None when they are not two texts of one voice or do not fit."""
    text = one.text + _BETWEEN + other.text
    if one.image or other.image or one.voice != other.voice or utf16_length(text) > MAX_TEXT:
        return None
    return replace(one, ids=tuple(dict.fromkeys([*one.ids, *other.ids])), text=text)


def _call(objects: Sequence[_Object]) -> Planned:
    ids = tuple(dict.fromkeys(id_ for made in objects for id_ in made.ids))
    return Planned(ids, {"messages": [made.to_json() for made in objects]})


def _with_quick_replies(call: Planned, tapped: dict[str, list[dict[str, Any]]]) -> Planned:
    """`call` with all quick replies on its last object; it then carries a part of their rows too."""
    *others, last = call.body["messages"]
    items = [item for found in tapped.values() for item in found]
    ids = (*(id_ for id_ in tapped if id_ not in call.messages), *call.messages)
    return Planned(ids, {"messages": [*others, {**last, "quickReply": {"items": items}}]})
