"""Routes of writing: the composer, its preview and sending, and what helps to write."""

from collections.abc import Sequence

from desk.viewer import Right
from desk.web.routing import Page
from desk.writing.canned import canned
from desk.writing.composer import composer, composer_state
from desk.writing.files import listed, removed, upload
from desk.writing.hints import hints
from desk.writing.preview import Previews
from desk.writing.reply import reply
from desk.writing.suggestions import suggestions


def writing_pages() -> Sequence[Page]:
    """Pages below /desk/c/{id}."""
    return [
        Page("/c/{id}/composer", composer, Right.READ),
        Page("/c/{id}/composer/state", composer_state, Right.READ),
        Page("/c/{id}/preview", Previews().preview, Right.ANSWER, "POST"),
        Page("/c/{id}/reply", reply, Right.ANSWER, "POST"),
        Page("/c/{id}/files", listed, Right.ANSWER),
        Page("/c/{id}/files", upload, Right.ANSWER, "POST", uploads=True),
        Page("/c/{id}/files/{file}/remove", removed, Right.ANSWER, "POST"),
        Page("/c/{id}/canned", canned, Right.READ),
        Page("/c/{id}/suggestions", suggestions, Right.READ),
        Page("/c/{id}/hints", hints, Right.READ),
    ]
