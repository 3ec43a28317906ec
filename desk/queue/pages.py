"""The queue and the alerts: every page of them."""

from collections.abc import Sequence

from desk.queue.alert_pages import alert_pages
from desk.queue.list_pages import Lists
from desk.queue.rows import WindowLeft
from desk.queue.taking import take, take_next
from desk.viewer import Right
from desk.web.routing import Page


def queue_pages(window_left: WindowLeft) -> Sequence[Page]:
    """Every page. `window_left`: for how long an answer on a channel is still free, by its customer's silence."""
    lists = Lists(window_left)
    return [
        Page("/", lists.whole, Right.SIGNED_IN),
        Page("/queue", lists.whole, Right.READ),
        Page("/queue/rows", lists.pane, Right.READ),
        Page("/queue/more", lists.more, Right.READ),
        Page("/queue/patch", lists.patch, Right.READ),
        Page("/c/{id}/read", lists.mark_read, Right.READ, "POST"),
        Page("/queue/take", take, Right.ANSWER, "POST"),
        Page("/queue/next", take_next, Right.ANSWER, "POST"),
        *alert_pages(),
    ]
