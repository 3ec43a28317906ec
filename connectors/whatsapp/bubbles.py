"""A planned WhatsApp body as a person sees it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.whatsapp.wire import mapping, objects, words

MOST = 5_000  # characters of one bubble


def bubbles(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """One bubble {"text", "choices", "image"}; `choices` are the labels in their order, a `file` of ours by its id."""
    kind = words(body.get("type"), 20)
    part = mapping(body.get(kind))
    if kind == "template":
        return [_bubble(words(body.get("text"), MOST))]
    if kind == "text":
        return [_bubble(words(part.get("body"), MOST))]
    if kind in ("image", "document"):
        bubble = _bubble(words(part.get("caption"), MOST), image=words(part.get("link"), 2_048))
        return [{**bubble, "file": words(part.get("file"), 64)}]
    return [_bubble(words(mapping(part.get("body")).get("text"), MOST), _labels(mapping(part.get("action"))))]


def _labels(action: Mapping[str, Any]) -> list[str]:
    buttons = [words(mapping(each.get("reply")).get("title"), 200) for each in objects(action.get("buttons"), 10)]
    sections = objects(action.get("sections"), 10)
    return buttons + [words(row.get("title"), 200) for each in sections for row in objects(each.get("rows"), 10)]


def _bubble(text: str, choices: Sequence[str] = (), image: str = "") -> Mapping[str, Any]:
    return {"text": text, "choices": list(choices), "image": image}
