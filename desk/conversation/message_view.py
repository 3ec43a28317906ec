"""A stored message as the thread shows it. Pure; whatever came from outside is read with care."""

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.corrections import RETRACTED
from conversations.media import MediaFile
from conversations.model import Message
from conversations.originals import SHOW_ORIGINAL
from conversations.ownership_model import AGENT
from desk.conversation.terms import TermsFor
from desk.conversation.thread_items import MOST_CARDS, Besides, FileView, Line, MessageView, name_of
from desk.viewer import Viewer
from glossaries.violations import GateRelease

MOST_BUTTONS, MOST_LABEL = 20, 200
CUSTOMER = "customer"
_SHOWN_KINDS = ("image", "audio", "video")


class Views:
    """Makes views of one market's messages for one reader."""

    def __init__(
        self, viewer: Viewer, market: str, terms: GateRelease, besides: Besides, links: Mapping[str, str]
    ) -> None:
        self._viewer = viewer
        self._terms = TermsFor(viewer.languages[0], market, terms)
        self._besides = besides
        self._links = links  # address by file id

    def of(self, message: Message) -> MessageView:
        """The view."""
        payload, besides = message.payload, self._besides
        is_agent = message.author.startswith(AGENT)
        verdict = _mapping(message.gate)
        other, by, state, reason = self._other(message)
        return MessageView(
            id=message.id,
            seq=message.seq,
            author="agent" if is_agent else message.author,
            who=name_of(message.author, besides.names) if is_agent else "",
            at=message.created_at,
            original=Line(message.language, message.text, self._terms),
            other=other,
            by=by,
            engine=besides.translations[message.id].engine if by == "machine" and other else "",
            translation=state,
            reason=reason,
            mode="original" if message.language in self._viewer.languages else "both",
            status=message.status if message.direction == "out" else "",
            error=besides.errors.get(message.id, ""),
            content=content_of(message),
            details=details_of(payload),
            files=[self._file(file) for file in besides.files.get(message.id, ())],
            buttons=labels_of(payload.get("buttons")),
            pressed=message.kind == "button",
            reply_name=_word(payload.get("response")),
            reply_title=besides.titles.get(message.id, ""),
            source="" if message.id in besides.titles else _source(payload.get("source")),
            fixed=_list(verdict.get("fixed")),
            overridden=_list(verdict.get("overridden")),
            override_reason=_word(_mapping(verdict.get("override")).get("reason"), 500),
            edits=[str(text) for text in _list(payload.get("edits"))],
            edited="edited" in payload,
            retracted=payload.get(RETRACTED),
            cut=int(payload.get("cut", 0)),
        )

    def _other(self, message: Message) -> tuple[Line | None, str, str, str]:
        """The text in the reader's language, who wrote it, how far it is, and why no further."""
        reader, besides = self._viewer.languages[0], self._besides
        if not needs_translation(message, reader):
            return None, "", "none", ""
        written, approved = own_words(message, self._viewer.languages), besides.approved.get(message.id)
        if written:
            return Line(*written, self._terms), "", "done", ""
        if approved:
            return Line(approved.language, approved.text, self._terms), "approved", "done", ""
        found = besides.translations.get(message.id)
        if found is None:
            return None, "machine", self._how_far(message), ""
        if not found.text:
            return None, "machine", "failed", found.reason
        return Line(found.language, found.text), "machine", "unsure" if found.reason else "done", found.reason

    def _how_far(self, message: Message) -> str:
        if message.language in self._besides.impossible:
            return "impossible"
        return "waiting" if message.id in self._besides.under_way else "wanted"

    def _file(self, file: MediaFile) -> FileView:
        family = file.mime.split("/")[0]
        kind = family if family in _SHOWN_KINDS else "file"
        name = _word(file.ref.get("name"))
        link = self._links.get(file.id, "") if file.state == "kept" else ""
        return FileView(kind, file.state, name, link, file.size, file.reason)


def content_of(message: Message) -> str:
    """What it is, of words conversation.content.*; a tap has words of its own only where the channel sends some."""
    if message.author == CUSTOMER and message.payload.get("payload") == SHOW_ORIGINAL:
        return SHOW_ORIGINAL
    return str(message.payload.get("content", "text"))


def needs_translation(message: Message, reader: str) -> bool:
    """Whether there is something in it that the reader's first language would say in other words."""
    return bool(message.language) and message.language != reader and any(char.isalpha() for char in message.text)


def own_words(message: Message, read: Sequence[str]) -> tuple[str, str] | None:
    """(language, text) of what the message was translated from, when that is a language that the reader reads."""
    translation = _mapping(message.payload.get("translation"))
    language, text = str(translation.get("from", "")), str(translation.get("original", ""))
    return (language, text) if text and language in read else None


def labels_of(buttons: Any) -> Sequence[str]:
    """What stands on the buttons."""
    return [_word(_mapping(button).get("title")) for button in _list(buttons)[:MOST_BUTTONS]]


def details_of(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """What came besides words, as {"title", "address", "latitude", "longitude", "lines"}: texts only, bounded."""
    details = _mapping(payload.get("details"))
    content = payload.get("content", "text")
    found: dict[str, Any] = {name: _word(details[name]) for name in ("title", "address") if details.get(name)}
    for name in ("latitude", "longitude"):
        if isinstance(details.get(name), int | float):
            found[name] = f"{details[name]:.5f}"
    lines = [line for card in _list(details.get("cards"))[:MOST_CARDS] if (line := _card(_mapping(card)))]
    lines += [_word(word) for word in _list(details.get("keywords"))[:MOST_CARDS]]
    if content == "undelivered":
        lines += [_word(payload.get(name), 500) for name in ("reason", "remedy") if payload.get(name)]
    return found | ({"lines": lines} if lines else {})


def _card(card: Mapping[str, Any]) -> str:
    parts = [card.get("name"), card.get("organisation"), *_list(card.get("phones")), *_list(card.get("emails"))]
    return _word(" · ".join(str(part) for part in parts if part), 500)


def _source(source: Any) -> str:
    return _word(source.get("title") if isinstance(source, Mapping) else source)


def _word(value: Any, most: int = MOST_LABEL) -> str:
    return str(value)[:most] if value else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []
