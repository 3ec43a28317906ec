"""Pages of this part of the desk."""

from collections.abc import Sequence

from desk.live.live import Live
from desk.live.stream import stream_of, type_in
from desk.viewer import Right
from desk.web.routing import Page


def live_pages(live: Live) -> Sequence[Page]:
    """Every page."""
    return [
        Page("/stream", stream_of(live.hub), Right.READ),
        Page("/c/{id}/typing", type_in, Right.ANSWER, "POST"),
    ]
