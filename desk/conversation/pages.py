"""Pages of this part of the desk."""

from collections.abc import Sequence

from desk.web.routing import Page


def conversation_pages() -> Sequence[Page]:
    """Every page."""
    return []
