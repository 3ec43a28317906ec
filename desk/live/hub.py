"""Who has a page open in this process, and who is told what. Pure; call it in the event loop only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from desk.live.seat import Seat
from desk.live.watch import Change, NewAlert
from desk.viewer import Viewer

MAX_SEATS = 12  # open pages of one viewer
LEADS = "leads"  # whom an alert calls: all who decide in the market


class Hub:
    """All seats of this process."""

    def __init__(self) -> None:
        self._by_viewer: defaultdict[str, set[Seat]] = defaultdict(set)

    def __len__(self) -> int:
        return sum(len(seats) for seats in self._by_viewer.values())

    def __iter__(self) -> Iterator[Seat]:
        return (seat for seats in list(self._by_viewer.values()) for seat in list(seats))

    def is_full(self, viewer: Viewer) -> bool:
        """Whether the viewer has as many pages open as one may have."""
        return len(self._by_viewer.get(viewer.id, ())) >= MAX_SEATS

    def join(self, seat: Seat) -> None:
        """Tell the seat from now on."""
        self._by_viewer[seat.viewer.id].add(seat)

    def leave(self, seat: Seat) -> None:
        """Forget the seat; does nothing when it is not there."""
        seats = self._by_viewer.get(seat.viewer.id)
        if seats is not None:
            seats.discard(seat)
            if not seats:
                del self._by_viewer[seat.viewer.id]

    def sessions(self) -> frozenset[str]:
        """Every session with a page open."""
        return frozenset(seat.viewer.session for seat in self)

    def tell_changes(self, changes: Iterable[Change]) -> None:
        """Pass on what has changed, to those whose market it is."""
        _tell(self, changes)

    def catch_up(self, lately: Sequence[Change]) -> None:
        """Tell pages that have just opened what has changed `lately`: they were written before they could listen."""
        fresh = [seat for seat in self if seat.fresh]
        for seat in fresh:
            seat.fresh = False
        _tell(fresh, lately)

    def tell_typing(self, conversation_id: str, who: str, on: bool, name: str = "") -> None:
        """Pass on that somebody types, to the pages that show the conversation, but not to whoever types."""
        for seat in self:
            if seat.conversation_id == conversation_id and seat.viewer.owner != who:
                seat.typing(who, on, name)

    def tell_alerts(self, alerts: Iterable[NewAlert]) -> None:
        """Pass on alerts to those whom they call."""
        for alert in alerts:
            for seat in self:
                if is_called(seat.viewer, alert):
                    seat.alert(alert.id, alert.data)

    def keep(self, asked: Collection[str], living: Mapping[str, Viewer]) -> None:
        """End each page whose session was `asked` for and is not in `living` (by session), or has other rights there.

        A page that has opened since the asking is left alone.
        """
        for seat in self:
            now = living.get(seat.viewer.session)
            if now is None and seat.viewer.session not in asked:
                continue
            if now is None or (now.role, now.markets) != (seat.viewer.role, seat.viewer.markets):
                seat.end()

    def reload_all(self) -> None:
        """Let every page look at everything anew."""
        for seat in self:
            seat.reload()


def _tell(seats: Iterable[Seat], changes: Iterable[Change]) -> None:
    by_market: defaultdict[str, dict[str, str]] = defaultdict(dict)
    newest: dict[str, Change] = {}
    for change in changes:
        by_market[change.market][change.id] = change.owner
        if change.id not in newest or newest[change.id].seq < change.seq:
            newest[change.id] = change
    for seat in seats:
        for market, owners in by_market.items():
            if seat.viewer.sees(market):
                seat.rows(owners)
        looked_at = newest.get(seat.conversation_id)
        if looked_at and seat.viewer.sees(looked_at.market):
            seat.conversation(looked_at.seq)


def is_called(viewer: Viewer, alert: NewAlert) -> bool:
    """Whether the alert is for the viewer."""
    if not viewer.sees(alert.market):
        return False
    return viewer.is_lead if alert.agent == LEADS else alert.agent == viewer.owner
