"""What one open page has still to be told. Bounded: who reads slowly loses details, never memory of ours."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.viewer import Viewer

MAX_ROWS = 200  # conversations that one event names; above it the page loads the list anew
MAX_ALERTS = 20
MAX_TYPING = 8

Event = tuple[str, Mapping[str, Any]]  # its name and data


@dataclass(eq=False)
class Seat:
    """An open page's place. `bell` rings when there is something to say; use it in the event loop only."""

    viewer: Viewer
    conversation_id: str = ""  # that the page shows; empty: none
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    fresh: bool = True  # what happened while its page was loading has not been told yet
    _owners: dict[str, str] = field(default_factory=dict)
    _seq: int | None = None
    _typing: dict[str, tuple[bool, str]] = field(default_factory=dict)
    _alerts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _reload: bool = False

    def rows(self, owners: Mapping[str, str]) -> None:
        """The conversations' lines in the list are other ones: owner by id; `closed`: it has ended."""
        if self._reload:
            return
        if len(owners) > MAX_ROWS:
            self.reload()
            return
        self._owners.update(owners)
        if len(self._owners) > MAX_ROWS:
            self.reload()
        self.bell.set()

    def conversation(self, seq: int) -> None:
        """The shown conversation has something new, up to message `seq`."""
        self._seq = max(seq, self._seq or 0)
        self.bell.set()

    def typing(self, who: str, on: bool, name: str = "") -> None:
        """Somebody types in the shown conversation, or stopped. `name`: what people call them; empty: unknown."""
        if who in self._typing or len(self._typing) < MAX_TYPING:
            self._typing[who] = (on, name)
            self.bell.set()

    def alert(self, alert_id: str, data: Mapping[str, Any]) -> None:
        """Something that the viewer is called for."""
        self._alerts[alert_id] = data
        if len(self._alerts) > MAX_ALERTS:
            self.reload()
        self.bell.set()

    def reload(self) -> None:
        """Too much to be told one by one."""
        self._reload = True
        self._owners.clear()
        self._alerts.clear()
        self.bell.set()

    def end(self) -> None:
        """The session is over, or its rights are others: nothing more is said."""
        self.ended = True
        self.bell.set()

    def drain(self) -> Iterator[Event]:
        """What is to be said now, each thing once; afterwards there is nothing left."""
        self.bell.clear()
        owners, seq, typing, alerts = self._owners, self._seq, self._typing, self._alerts
        reload = self._reload
        self._owners, self._seq, self._typing, self._alerts, self._reload = {}, None, {}, {}, False
        if seq is not None:
            yield "conversation", {"id": self.conversation_id, "seq": seq}
        for who, (on, name) in typing.items():
            yield "typing", {"id": self.conversation_id, "who": who, "on": on, "name": name}
        for data in alerts.values():
            yield "alert", data
        if reload:
            yield "reload", {}
        elif owners:
            yield "queue", {"ids": list(owners), "owners": owners}
