"""Which content release is current. Publishing and rolling back move one row; every process reads it."""

import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from core.database import reading
from core.errors import NotFound
from core.schema import release_pointer, releases

_CURRENT, _PREVIOUS = "current", "previous"


@dataclass(frozen=True)
class ReleaseRecord:
    """A release as the database knows it; its content is in the folder of the same name."""

    id: str
    created_at: float  # seconds since 1970
    author: str
    note: str
    digest: str  # SHA-256 of its manifest.json


def current(engine: Engine) -> str | None:
    """Id of the current release; None before the first one."""
    with reading(engine) as connection:
        return _pointed(connection, _CURRENT)


def previous(engine: Engine) -> str | None:
    """Id of the release that was current before the present one, where a rollback goes; None when there is none."""
    with reading(engine) as connection:
        return _pointed(connection, _PREVIOUS)


def find(engine: Engine, release_id: str) -> ReleaseRecord | None:
    """The release's record; None when it is not registered."""
    with reading(engine) as connection:
        row = connection.execute(sa.select(releases).where(releases.c.id == release_id)).mappings().first()
    return ReleaseRecord(**row) if row else None


def history(engine: Engine, limit: int = 100) -> list[ReleaseRecord]:
    """The registered releases, the newest first."""
    newest_first = sa.select(releases).order_by(releases.c.created_at.desc(), releases.c.id.desc()).limit(limit)
    with reading(engine) as connection:
        return [ReleaseRecord(**row) for row in connection.execute(newest_first).mappings()]


def register(engine: Engine, record: ReleaseRecord, *, make_current: bool = True) -> None:
    """Make the release known and, in the same transaction, current."""
    with engine.begin() as connection:
        connection.execute(
            sa.insert(releases).values(
                id=record.id,
                created_at=record.created_at,
                author=record.author,
                note=record.note,
                digest=record.digest,
            )
        )
        if make_current:
            _move(connection, record.id, record.author)


def move(engine: Engine, release_id: str, who: str) -> None:
    """Make a registered release current; does nothing when it is. Raises NotFound."""
    with engine.begin() as connection:
        if connection.execute(sa.select(releases.c.id).where(releases.c.id == release_id)).first() is None:
            raise NotFound(f"no release {release_id!r} is registered; `aftersail releases` lists them")
        _move(connection, release_id, who)


def _move(connection: Connection, release_id: str, who: str) -> None:
    left = _pointed(connection, _CURRENT)
    if left == release_id:
        return
    if left is not None:
        _point(connection, _PREVIOUS, left, who)
    _point(connection, _CURRENT, release_id, who)


def _pointed(connection: Connection, name: str) -> str | None:
    query = sa.select(release_pointer.c.release_id).where(release_pointer.c.name == name)
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def _point(connection: Connection, name: str, release_id: str, who: str) -> None:
    values = {"release_id": release_id, "moved_at": time.time(), "moved_by": who}
    moved = connection.execute(sa.update(release_pointer).where(release_pointer.c.name == name).values(**values))
    if moved.rowcount == 0:
        connection.execute(sa.insert(release_pointer).values(name=name, **values))
