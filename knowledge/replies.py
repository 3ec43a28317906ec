"""Replies: what a name such as `utter_greet` says in each language, and where a market says it differently."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Button:
    """A choice under a text."""

    title: str  # the customer reads it
    payload: str  # the bot understands it
    short: str = ""  # the title where a channel allows no more than lint_text.SHORT; empty: none is written

    def to_json(self) -> dict[str, str]:
        """{title, payload}, and short when there is one, as a message carries it."""
        plain = {"title": self.title, "payload": self.payload}
        return {**plain, "short": self.short} if self.short else plain


@dataclass(frozen=True)
class ReplyText:
    """A reply in one language; {names} in text and titles are filled in when it is said."""

    text: str
    buttons: tuple[Button, ...] = ()
    short: str = ""  # of a label that stands on a button; empty: none is written
    line: int = field(default=0, compare=False)  # where it stands in its file; 0: not read from a file


NamedTexts = Mapping[str, ReplyText]  # by reply name


@dataclass(frozen=True)
class Replies:
    """Every reply of the company."""

    texts: Mapping[str, NamedTexts]  # by language
    overrides: Mapping[str, Mapping[str, NamedTexts]] = field(default_factory=dict)  # by market, then language

    def find(self, name: str, market: str, language: str) -> ReplyText | None:
        """The market's own text if it has one, else the language's; None when there is neither."""
        own = self.overrides.get(market, {}).get(language, {}).get(name)
        return own or self.texts.get(language, {}).get(name)
