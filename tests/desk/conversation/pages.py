"""Reading what the desk's pages say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from starlette.testclient import TestClient

_VOID = {"img", "input", "br", "meta", "link", "hr"}


@dataclass(frozen=True)
class Element:
    """An element with its attributes; `text` is all that stands in it, but what only a press on a term shows."""

    tag: str
    attributes: Mapping[str, str]
    text: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self._open: list[tuple[str, Mapping[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self.found.append(Element(tag, attributes, ""))
        else:
            self._open.append((tag, attributes, []))

    def handle_data(self, data: str) -> None:
        notes = [at for at, (_, attributes, _) in enumerate(self._open) if attributes.get("class") == "term-note"]
        for _, _, texts in self._open[notes[-1] if notes else 0 :]:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, attributes, texts = self._open.pop()
            self.found.append(Element(name, attributes, re.sub(r"\s+", " ", "".join(texts)).strip()))
            if name == tag:
                return


def elements(html: str, tag: str = "", **attributes: str) -> list[Element]:
    """Elements with these attributes (class_ and data_x for class and data-x), in the order in which they end."""
    reader = _Reader()
    reader.feed(html)
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return [
        found
        for found in reader.found
        if tag in ("", found.tag) and all(_has(found, name, value) for name, value in wanted.items())
    ]


def message(client: TestClient, conversation_id: str, seq: int) -> Element:
    """A message as the page shows it."""
    [found] = elements(client.get(f"/desk/c/{conversation_id}").text, id=f"m-{seq}")
    return found


def _has(element: Element, name: str, value: str) -> bool:
    given = element.attributes.get(name)
    return given is not None and (value in given.split() if name == "class" else given == value)
