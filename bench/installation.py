"""A copy of this installation with an empty database, so that measuring leaves the real one alone."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from core import release_pointer
from core.database import migrate, open_engine
from core.errors import SetupError
from core.settings import Settings

SHARED = ("models", "releases")


@contextlib.contextmanager
def temporary_installation(settings: Settings) -> Iterator[Settings]:
    """Settings of the copy, on the same models and the same current release. Raises SetupError when none is published.

    Processes started for it need its `data_dir` in AFTERSAIL_DATA_DIR and an empty AFTERSAIL_DATABASE_URL.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        copy = settings.model_copy(update={"data_dir": Path(folder), "database_url": ""})
        copy.__dict__.pop("database", None)  # worked out from the real data_dir
        for name in SHARED:
            (copy.data_dir / name).symlink_to(settings.data_dir / name)
        _point(settings, copy)
        yield copy


def _point(settings: Settings, copy: Settings) -> None:
    real, empty = open_engine(settings), open_engine(copy)
    try:
        release_id = release_pointer.current(real)
        record = release_pointer.find(real, release_id) if release_id else None
        if record is None:
            raise SetupError("No release is published yet; run `aftersail publish`.")
        migrate(empty)
        release_pointer.register(empty, record)
    finally:
        real.dispose()
        empty.dispose()
