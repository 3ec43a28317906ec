"""The pointer moves in one step, and remembers where it came from."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core import release_pointer
from core.database import open_engine
from core.errors import NotFound
from core.release_pointer import ReleaseRecord
from core.settings import Settings
from core.tables import metadata


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(Settings(data_dir=tmp_path, _env_file=None))
    metadata.create_all(engine)
    return engine


def record(name: str, created_at: float = 1.0) -> ReleaseRecord:
    return ReleaseRecord(name, created_at, "mara", "a note", "0" * 64)


def test_nothing_is_current_at_first(engine: Engine) -> None:
    assert release_pointer.current(engine) is None
    assert release_pointer.previous(engine) is None
    assert release_pointer.history(engine) == []


def test_register_makes_current_and_lists_newest_first(engine: Engine) -> None:
    release_pointer.register(engine, record("a", 1.0))
    release_pointer.register(engine, record("b", 2.0))
    assert release_pointer.current(engine) == "b"
    assert release_pointer.previous(engine) == "a"
    assert [found.id for found in release_pointer.history(engine)] == ["b", "a"]
    assert release_pointer.find(engine, "a") == record("a", 1.0)
    assert release_pointer.find(engine, "z") is None


def test_previous_is_the_one_that_was_left_not_the_one_made_before(engine: Engine) -> None:
    for place, name in enumerate("abc"):
        release_pointer.register(engine, record(name, place))
    release_pointer.move(engine, "a", "noor")
    assert (release_pointer.current(engine), release_pointer.previous(engine)) == ("a", "c")


def test_moving_to_the_current_one_keeps_the_previous(engine: Engine) -> None:
    for place, name in enumerate("ab"):
        release_pointer.register(engine, record(name, place))
    release_pointer.move(engine, "b", "noor")
    assert (release_pointer.current(engine), release_pointer.previous(engine)) == ("b", "a")


def test_moving_to_an_unknown_release_changes_nothing(engine: Engine) -> None:
    release_pointer.register(engine, record("a"))
    with pytest.raises(NotFound, match="'z'"):
        release_pointer.move(engine, "z", "noor")
    assert release_pointer.current(engine) == "a"


def test_a_failed_registration_leaves_the_pointer(engine: Engine) -> None:
    release_pointer.register(engine, record("a"))
    release_pointer.register(engine, record("b"))
    with pytest.raises(sa.exc.IntegrityError):
        release_pointer.register(engine, record("a"))
    assert release_pointer.current(engine) == "b"


def test_register_without_moving(engine: Engine) -> None:
    release_pointer.register(engine, record("a"))
    release_pointer.register(engine, record("b"), make_current=False)
    assert release_pointer.current(engine) == "a"
