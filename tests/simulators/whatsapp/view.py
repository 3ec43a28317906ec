"""What a customer sees of a message."""

from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Choice:
    """A button; a tap brings its id back."""

    id: str
    title: str


@dataclass(frozen=True)
class Row:
    """A row of a list."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Section:
    """A section of a list; its title is empty when there is only one."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Seen:
    """A message on the customer's screen. Whatever it does not have is empty."""

    text: str = ""  # body or caption
    header: str = ""
    footer: str = ""
    buttons: tuple[Choice, ...] = ()
    list_button: str = ""
    sections: tuple[Section, ...] = ()
    link_title: str = ""
    link: str = ""
    asks_location: bool = False
    media: str = ""  # id of the stored media, or the address it was sent by
    media_kind: str = ""
    file_name: str = ""
    emoji: str = ""
    target: str = ""  # the message that a reaction is about
    places: tuple[str, ...] = ()  # location: latitude, longitude, name, address
    cards: tuple[str, ...] = ()  # names of shared contacts

    def having(self, **values: Any) -> "Seen":
        """The same with more on it."""
        return replace(self, **values)

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of the list in order."""
        return tuple(row for section in self.sections for row in section.rows)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)
