"""What somebody sees when something was refused or failed: the reason and what to do, in their language."""

import json

import structlog
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from conversations.outgoing import Blocked
from conversations.ownership_errors import OwnershipError
from core.errors import AftersailError, NotFound, RetryLater
from desk.errors import DeskError, TooOften
from desk.web.ask import Ask

logger = structlog.get_logger(__name__)


def failure(ask: Ask, error: AftersailError | OperationalError) -> Response:
    """The error as a page, or as a message over the page when a part of it was asked for."""
    status = _status(error)
    if status >= 500:
        logger.error("desk_failed", path=ask.request.url.path, kind=type(error).__name__)
    text = _text(ask, error)
    headers = {"retry-after": str(round(error.seconds))} if isinstance(error, TooOften) else {}
    if ask.is_partial or "application/json" in ask.request.headers.get("accept", ""):
        # htmx leaves the page as it is and tells it; desk/static/toast.js shows it.
        headers |= {"hx-reswap": "none", "hx-trigger": json.dumps({"toast": {"kind": "error", "text": text}})}
        response = ask.json({"error": type(error).__name__, "text": text}, status)
        response.headers.update(headers)
        return response
    return ask.page("error.html", status=status, headers=headers, text=text, code=status)


def _status(error: Exception) -> int:
    if isinstance(error, DeskError):
        return error.status
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, (OwnershipError, Blocked)):
        return 409
    return 503 if isinstance(error, (RetryLater, OperationalError)) else 500


def _text(ask: Ask, error: Exception) -> str:
    values = error.values if isinstance(error, DeskError) else {}
    for kind in type(error).__mro__:
        key = f"errors.{kind.__name__}"
        if ask.words.has(key):
            return ask.words(key, **values)
    return ask.words("errors.unknown")
