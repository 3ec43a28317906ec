"""What the web chat needs from the rest of Aftersail, and what it hands over for the demo shop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from connectors.webchat.feed import no_link
from connectors.webchat.hub import Hub
from conversations.record import Record
from core.settings import Settings


@dataclass(frozen=True)
class Language:
    """A language on offer."""

    code: str  # content code
    name: str  # in the language itself


@dataclass(frozen=True)
class Market:
    """A market as the web chat shows it."""

    code: str
    name: str  # in the market's own language
    languages: tuple[Language, ...]  # offered in its menus; the first is the market's own

    @property
    def codes(self) -> tuple[str, ...]:
        """Content codes of its languages."""
        return tuple(language.code for language in self.languages)


class Words(Protocol):
    """Every word that a visitor reads; the replies files behind it."""

    @property
    def brand(self) -> str:
        """Name of the seller."""

    def markets(self) -> Sequence[Market]:
        """Every market, in the order of a chooser."""

    def strings(self, market: str, language: str, prefix: str) -> Mapping[str, str]:
        """Texts whose name starts with `prefix`, by whole name.

        {brand} and the market's own values are filled in; only {limit} is left for the widget.
        """

    def direction(self, language: str) -> str:
        """ "ltr" or "rtl"; "ltr" when the language is unknown or empty."""


@dataclass(frozen=True)
class Product:
    """A product of the demo shop."""

    name: str
    about: str  # what it is, in the page's language
    kind: str  # baby, home, electronics: the page says it with shop_kind_<kind>
    price: str  # as the market writes money
    picture: str  # the SKU: a name in static/pictures without .svg; an unknown one shows the kind's


@dataclass(frozen=True)
class DemoOrder:
    """An order that a visitor of the demo shop can ask about."""

    number: str
    state: str  # in the page's language
    proof: str  # e-mail address or postcode that proves it


class Demo(Protocol):
    """Products and orders of the demo shop."""

    def products(self, market: str, language: str) -> Sequence[Product]:
        """Products to show; empty hides the section."""

    def orders(self, market: str, language: str) -> Sequence[DemoOrder]:
        """A few orders to try; empty hides the section."""


@dataclass(frozen=True)
class WebchatDeps:
    """What webchat_routes is built from. `settings.secret` must be set."""

    record: Record
    notify: Callable[[str, str], None]  # (role, note): wakes "worker" after a message, "web" on typing
    words: Words
    demo: Demo
    settings: Settings
    clock: Callable[[], float]  # seconds since 1970, UTC
    link: Callable[[str], str] = no_link  # path of a file by its id
    hub: Hub = field(default_factory=Hub)  # call hub.wake(conversation id) when it has new rows
