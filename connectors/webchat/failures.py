"""A dependency that is away, told without what the customer wrote."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.webchat.errors import Refused
from core.errors import RetryLater

Unavailable = (RetryLater, SQLAlchemyError, TimeoutError)
RETRY_S = 3.0

log = structlog.get_logger()


def unavailable(error: Exception) -> Refused:
    """The refusal to answer with. Logs the kind only: a database error's text holds the row's values."""
    cause = getattr(error, "orig", None) or error
    log.warning("webchat_unavailable", error=type(error).__name__, cause=type(cause).__name__)
    return Refused("unavailable", "try again in a moment; nothing is lost", retry_after=RETRY_S)
