"""The holder follows the pointer, keeps a release that works, and serves threads while it swaps."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from core import release_pointer
from core.errors import SetupError
from core.schema import release_pointer as pointer_table
from core.settings import Settings
from knowledge import release_holder
from knowledge.publish import publish
from knowledge.release import Release, load_release
from knowledge.release_holder import ReleaseHolder
from tests.support.hashing_embedder import HashingEmbedder
from tests.support.small_content import NEGATIVES, edit


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def publish_next(settings: Settings, engine: Engine, embedder: HashingEmbedder, number: int) -> str:
    old = "Nachnahme?" if number == 1 else f"Nachnahme {number - 1}?"
    edit(settings.content_dir / "knowledge/data/faq/de.yml", old, f"Nachnahme {number}?")
    return publish(settings, engine, embedder, author="mara", negatives=NEGATIVES).id


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    """A list that grows with each look at the pointer."""
    reads: list[Engine] = []
    real = release_pointer.current

    def counted(engine: Engine) -> str | None:
        reads.append(engine)
        return real(engine)

    monkeypatch.setattr(release_pointer, "current", counted)
    return reads


def test_none_at_all_says_what_to_do(settings: Settings, engine: Engine, clock: Clock) -> None:
    holder = ReleaseHolder(settings, engine, clock=clock)
    with pytest.raises(SetupError, match="aftersail publish"):
        holder.current()
    assert "aftersail publish" in holder.problem


def test_a_new_release_is_taken_up_after_a_second(
    settings: Settings, engine: Engine, embedder: HashingEmbedder, clock: Clock
) -> None:
    holder = ReleaseHolder(settings, engine, embedder.fingerprint, clock=clock)
    first = publish_next(settings, engine, embedder, 1)
    assert holder.current().id == first
    second = publish_next(settings, engine, embedder, 2)
    clock.now += 0.9
    assert holder.current().id == first
    clock.now += 0.1
    assert holder.current().id == second
    assert holder.problem == ""


def test_the_pointer_is_read_once_a_second(
    settings: Settings,
    engine: Engine,
    embedder: HashingEmbedder,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish_next(settings, engine, embedder, 1)
    reads = count_reads(monkeypatch)
    holder = ReleaseHolder(settings, engine, clock=clock)
    for _ in range(100):
        clock.now += 0.01
        holder.current()
    assert len(reads) == 1


def test_a_broken_release_is_refused_and_the_old_one_kept(
    settings: Settings, engine: Engine, embedder: HashingEmbedder, clock: Clock
) -> None:
    holder = ReleaseHolder(settings, engine, embedder.fingerprint, clock=clock)
    first = publish_next(settings, engine, embedder, 1)
    assert holder.current().id == first
    second = publish_next(settings, engine, embedder, 2)
    content = settings.releases_dir / second / "content.json"
    whole = content.read_bytes()
    content.write_bytes(b"{}")
    clock.now += 1
    assert holder.current().id == first
    assert "content.json is not the file that was published" in holder.problem
    content.write_bytes(whole)
    clock.now += 29
    assert holder.current().id == first  # not tried at every message
    clock.now += 1
    assert holder.current().id == second
    assert holder.problem == ""


def test_moving_back_clears_the_problem(
    settings: Settings, engine: Engine, embedder: HashingEmbedder, clock: Clock
) -> None:
    holder = ReleaseHolder(settings, engine, embedder.fingerprint, clock=clock)
    first = publish_next(settings, engine, embedder, 1)
    holder.current()
    second = publish_next(settings, engine, embedder, 2)
    (settings.releases_dir / second / "manifest.json").unlink()
    clock.now += 1
    holder.current()
    assert holder.problem
    release_pointer.move(engine, first, "noor")
    clock.now += 1
    assert holder.current().id == first
    assert holder.problem == ""


def test_a_database_that_is_away_keeps_the_release(
    settings: Settings, engine: Engine, embedder: HashingEmbedder, clock: Clock
) -> None:
    holder = ReleaseHolder(settings, engine, clock=clock)
    first = publish_next(settings, engine, embedder, 1)
    holder.current()
    pointer_table.drop(engine)
    clock.now += 1
    assert holder.current().id == first
    assert "aftersail doctor" in holder.problem


def test_threads_go_on_with_the_old_release_while_one_loads(
    settings: Settings,
    engine: Engine,
    embedder: HashingEmbedder,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holder = ReleaseHolder(settings, engine, embedder.fingerprint, clock=clock)
    first = publish_next(settings, engine, embedder, 1)
    holder.current()
    second = publish_next(settings, engine, embedder, 2)
    loading, may_finish = threading.Event(), threading.Event()

    def slow(*arguments: object, **options: object) -> Release:
        loading.set()
        assert may_finish.wait(10)
        return load_release(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(release_holder, "load_release", slow)
    clock.now += 1
    with ThreadPoolExecutor(8) as pool:
        swapping = pool.submit(holder.current)
        assert loading.wait(10)
        clock.now += 1
        others = [pool.submit(holder.current) for _ in range(50)]
        assert {other.result(10).id for other in others} == {first}
        may_finish.set()
        assert swapping.result(10).id == second
    assert holder.current().id == second


def test_many_threads_load_the_first_release_once(
    settings: Settings,
    engine: Engine,
    embedder: HashingEmbedder,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish_next(settings, engine, embedder, 1)
    loads: list[object] = []
    reads = count_reads(monkeypatch)

    def counted(*arguments: object, **options: object) -> Release:
        loads.append(arguments)
        return load_release(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(release_holder, "load_release", counted)
    holder = ReleaseHolder(settings, engine, embedder.fingerprint, clock=clock)
    with ThreadPoolExecutor(8) as pool:
        releases = list(pool.map(lambda _: holder.current(), range(32)))
    assert len({id(release) for release in releases}) == 1
    assert (len(loads), len(reads)) == (1, 1)
