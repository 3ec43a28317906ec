"""Names to words: the only place where a reply or an answer becomes what the customer reads."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from core.errors import AftersailError, NotFound
from glossaries.resolve import Glossary
from glossaries.write_term import TermReference, write_term
from knowledge.entries import FaqEntry, FaqText
from knowledge.replies import Button, Replies, ReplyText
from knowledge.templates import Template, parse_template
from knowledge.value_formatter import ValueFormatter
from knowledge.values import Deadline, Label, Value, Verbatim
from knowledge.whose_clock import OF_A_PLACE, label_for, lived_in, names_of
from markets.hours import OpeningRange
from markets.profile import MarketProfile

MAX_FORMATTERS = 512  # locales × zones; a browser may send any of 600 zone names

Part = tuple[str, Mapping[str, Value]]


class UnknownReply(NotFound):
    """No language of the market has this reply."""


class MissingValue(AftersailError):
    """A text has a placeholder that nobody filled; it must not be sent with a hole."""

    def __init__(self, name: str, language: str, value: str, market: str) -> None:
        super().__init__(
            f"{name!r} in {language!r} needs the value {value!r}: pass it, or give it to the market profile {market}"
        )
        self.name = name
        self.value = value


@dataclass(frozen=True)
class Said:
    """Words ready to send. `fallback`: they are not in the language that was asked for."""

    text: str
    buttons: tuple[Button, ...]
    language: str  # the language of the words, not always the one asked for
    name: str
    fallback: bool = False
    short: str = ""  # of the first part, where it is a label for buttons; empty: none is written
    parts: tuple[Part, ...] = ()  # what to say again for the same in another language: names, values that were used


@dataclass(frozen=True)
class Answer:
    """An approved FAQ answer in words. `fallback`: it is not in the language that was asked for."""

    text: str
    title: str
    language: str
    fallback: bool
    entry_id: str
    short: str = ""  # the title where a channel allows little; empty: none is written


class Words:
    """Every word of one release. Safe to use from several threads."""

    def __init__(self, replies: Replies, glossary: Glossary, clock: Callable[[], float] = time.time) -> None:
        """`clock` tells seconds since 1970; a year that is not the present one is written out."""
        self._replies = replies
        self._glossary = glossary
        self._clock = clock
        self._templates: dict[str, Template] = {}  # by text; as many as the release has
        self._formatters: dict[tuple[str, str, str], ValueFormatter] = {}  # by locale, digits and time zone

    @property
    def languages(self) -> tuple[str, ...]:
        """Content codes of the languages that have replies."""
        return tuple(self._replies.texts)

    def names(self, prefix: str) -> tuple[str, ...]:
        """Names of the replies that start with `prefix`, in any language."""
        every = dict.fromkeys(name for texts in self._replies.texts.values() for name in texts)
        return tuple(name for name in every if name.startswith(prefix))

    def say(
        self,
        name: str,
        values: Mapping[str, Value] | None = None,
        *,
        market: MarketProfile,
        language: str,
        time_zone: str | None = None,
        then: Sequence[Part] = (),
    ) -> Said:
        """The reply in words, and after it, each on a line of its own, the replies in `then`.

        The market's own text wins over the language's. When a part has no text in `language`, the whole message is in
        the market's next language that has every part, and `Said` says so. `time_zone` is the customer's; without it
        (or when nobody lives in it) the market's. Raises UnknownReply, MissingValue, NoSuchForm, and TypeError for a
        value of another type.
        """
        parts: list[Part] = [(name, values or {}), *then]
        spoken, texts = self._find(market, language, [part for part, _ in parts])
        scene = self._scene(market, spoken, lived_in(time_zone))
        lines = [self._fill(reply.text, part, scene) for reply, part in zip(texts, parts, strict=True)]
        buttons = [
            Button(self._fill(button.title, part, scene), button.payload, self._fill(button.short, part, scene))
            for reply, part in zip(texts, parts, strict=True)
            for button in reply.buttons
        ]
        short = self._fill(texts[0].short, parts[0], scene)
        used = tuple(self._used(reply, part) for reply, part in zip(texts, parts, strict=True))
        return Said("\n".join(lines), tuple(buttons), spoken, name, spoken != language, short, used)

    def answer(self, entry: FaqEntry, market: MarketProfile, language: str) -> Answer:
        """The entry's answer for this market: the first variant whose flag is true there, else the default.

        Raises NotFound when the entry has no text in any language of the market, MissingValue.
        """
        text = find_faq_text(entry, market, language)
        if text is None:
            raise NotFound(f"FAQ entry {entry.id!r} has no text in {language!r} or a language of market {market.code}")
        scene = self._scene(market, text.language, None)
        part: Part = (f"faq:{entry.id}", {})
        words = self._fill(choose_answer(text, market), part, scene)
        title = self._fill(text.title, part, scene)
        return Answer(words, title, text.language, text.language != language, entry.id, text.short)

    def _find(self, market: MarketProfile, language: str, names: Sequence[str]) -> tuple[str, list[ReplyText]]:
        for candidate in _languages(market, language):
            found = [self._replies.find(name, market.code, candidate) for name in names]
            texts = [text for text in found if text is not None]
            if len(texts) == len(names):
                return candidate, texts
        raise UnknownReply(f"no language of market {market.code} has all of the replies {', '.join(names)}")

    def _scene(self, market: MarketProfile, language: str, customers_zone: ZoneInfo | None) -> "_Scene":
        zone = (customers_zone or market.zone).key
        key = (market.locale_for(language), market.digits_for(language), zone)
        formatter = self._formatters.get(key)
        if formatter is None:
            formatter = ValueFormatter(*key, fallback_zone=market.time_zone)
            if len(self._formatters) < MAX_FORMATTERS:
                self._formatters[key] = formatter
        return _Scene(market, language, formatter, customers_zone)

    def _used(self, reply: ReplyText, part: Part) -> Part:
        name, values = part
        texts = [reply.text, reply.short, *(text for button in reply.buttons for text in (button.title, button.short))]
        wanted = frozenset[str]().union(*(self._template(text).names for text in texts))
        return name, {key: value for key, value in values.items() if key in wanted}

    def _template(self, text: str) -> Template:
        template = self._templates.get(text)
        if template is None:
            template = self._templates[text] = parse_template(text)
        return template

    def _fill(self, text: str, part: Part, scene: "_Scene") -> str:
        template = self._template(text)
        if len(template.parts) == 1:
            return text
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        return template.fill(lambda name: self._write(name, part, scene, today))

    def _write(self, name: str, part: Part, scene: "_Scene", today: date) -> str:
        if reference := TermReference.parse(name):
            return write_term(self._glossary.terms_for(scene.market.code, scene.language, today), reference)
        reply, values = part
        value = values[name] if name in values else scene.market_values.get(name)
        if value is None:
            raise MissingValue(reply, scene.language, name, scene.market.code)
        written = partial(scene.formatter.write, this_year=today.year, label=lambda label: self._label(label, scene))
        if isinstance(value, Deadline):
            label = label_for(value.at, scene.customers_zone, scene.market.zone, scene.market.code)
            return self._on_a_clock(label, value.at, value.at, scene) or written(value.at)
        if isinstance(value, tuple) and any(isinstance(item, OpeningRange) for item in value):
            at = datetime.fromtimestamp(self._clock(), UTC)  # summer and winter time have names of their own
            hours = Verbatim(written(value))
            return self._on_a_clock(OF_A_PLACE, hours, at, scene) or hours
        return written(value)

    def _on_a_clock(self, label: str, value: Value, at: datetime, scene: "_Scene") -> str:
        """The value and whose clock it is on; empty without a `label`, or where an older release has no such text."""
        if not label or not self._replies.find(label, scene.market.code, scene.language):
            return ""
        names = names_of(at, scene.market.zone, scene.formatter.locale)
        return self._label(Label(label), scene, {**names, "moment": value})

    def _label(self, label: Label, scene: "_Scene", values: Mapping[str, Value] | None = None) -> str:
        found = self._replies.find(label.name, scene.market.code, scene.language)
        if found is None:
            raise UnknownReply(f"the label {label.name!r} has no text in {scene.language!r}")
        return self._fill(found.text, (label.name, values or {}), scene)


@dataclass(frozen=True)
class _Scene:
    """Where a text is said."""

    market: MarketProfile
    language: str
    formatter: ValueFormatter
    customers_zone: ZoneInfo | None  # None: unknown, and the market's clock is told

    @cached_property
    def market_values(self) -> Mapping[str, Value]:
        """What the market gives to every text; read only when a text asks for it."""
        return self.market.values(self.language)


def find_faq_text(entry: FaqEntry, market: MarketProfile, language: str) -> FaqText | None:
    """The entry in `language`, else in the market's next language; None when it has neither."""
    return next((entry.texts[code] for code in _languages(market, language) if code in entry.texts), None)


def choose_answer(text: FaqText, market: MarketProfile) -> str:
    """The answer, not filled in, that holds in this market."""
    return next((variant.answer for variant in text.variants if market.flag(variant.when)), text.answer)


def _languages(market: MarketProfile, language: str) -> Iterable[str]:
    return dict.fromkeys((language, *market.languages))
