"""What went wrong, for logs: never the words of people, which errors of databases and of checks quote."""

import traceback

from sqlalchemy.exc import SQLAlchemyError

MAX_CAUSE = 300


def cause_of(error: BaseException) -> str:
    """The error's class, what the database said of it without statement and values, and where it was raised."""
    orig = getattr(error, "orig", None) if isinstance(error, SQLAlchemyError) else None
    said = f"{type(error).__name__}: {orig}" if orig else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    return f"{said[:MAX_CAUSE]} at {' > '.join(where)}" if where else said[:MAX_CAUSE]
