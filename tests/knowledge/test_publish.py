"""Publishing changes everything or nothing, and can be taken back."""

import resource
import shutil

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core import release_pointer
from core.errors import ContentError, SetupError
from core.settings import Settings
from knowledge import publish as publishing
from knowledge.manifest import BrokenRelease, read_manifest
from knowledge.publish import PublishResult, publish, rollback
from knowledge.release import load_release
from tests.support.hashing_embedder import HashingEmbedder
from tests.support.small_content import NEGATIVES, edit


def publish_small(settings: Settings, engine: Engine, embedder: HashingEmbedder, note: str = "") -> PublishResult:
    return publish(settings, engine, embedder, author="mara", note=note, negatives=NEGATIVES)


def rename_title(settings: Settings, old: str, new: str) -> None:
    edit(settings.content_dir / "knowledge/data/faq/de.yml", old, new)


def folders(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.releases_dir.iterdir()) if settings.releases_dir.exists() else []


def test_the_first_release(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    steps: list[str] = []
    result = publish(
        settings,
        engine,
        embedder,
        author="mara",
        note="first",
        negatives=NEGATIVES,
        progress=lambda step, _done, _total: steps.append(step),
    )
    assert result.changed
    assert release_pointer.current(engine) == result.id
    assert (result.vectors_new, result.vectors_reused) == (39, 0)
    assert list(dict.fromkeys(steps)) == ["check", "vectors", "write"]
    release = load_release(settings.releases_dir / result.id, embedder.fingerprint)
    assert release.id == result.id
    assert (release.manifest.author, release.manifest.note) == ("mara", "first")
    assert release.manifest.counts == {"entries": 3, "languages": 3, "markets": 2, "vectors": 39}
    assert set(release.entries) == {"delivery-time", "cash", "customs"}
    record = release_pointer.find(engine, result.id)
    assert record is not None
    assert record.note == "first"


def test_warnings_come_back_and_do_not_stop(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    result = publish_small(settings, engine, embedder)
    assert any("entries are missing" in warning.message for warning in result.warnings)


def test_each_market_sees_its_own_entries(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    result = publish_small(settings, engine, embedder)
    release = load_release(settings.releases_dir / result.id, embedder.fingerprint)
    assert release.index is not None
    vector = embedder.encode(["stuck in customs"], ["en"])[0]
    found = {code: [hit.id for hit in release.index.search(vector, mask, 3)] for code, mask in release.masks.items()}
    assert found["SA"][0] == "customs"
    assert "customs" not in found["DE"]


def test_nothing_changed_makes_no_release(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    first = publish_small(settings, engine, embedder)
    encoded = embedder.encoded
    again = publish_small(settings, engine, embedder)
    assert (again.changed, again.id) == (False, first.id)
    assert embedder.encoded == encoded
    assert folders(settings) == [first.id]


def test_unchanged_texts_keep_their_vectors(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    publish_small(settings, engine, embedder)
    rename_title(settings, "Wie lange dauert die Lieferung?", "Wie lange ist die Lieferzeit?")
    second = publish_small(settings, engine, embedder)
    assert (second.changed, second.vectors_new, second.vectors_reused) == (True, 1, 38)


def test_other_negatives_make_a_release(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    publish_small(settings, engine, embedder)
    fewer = publish(settings, engine, embedder, author="mara", negatives=NEGATIVES[:1])
    assert (fewer.changed, fewer.vectors_new, fewer.vectors_reused) == (True, 0, 36)


def test_another_embedder_makes_all_vectors_anew(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    first = publish_small(settings, engine, embedder)
    other = HashingEmbedder(64)
    with pytest.raises(BrokenRelease, match="hashing-64"):
        load_release(settings.releases_dir / first.id, other.fingerprint)
    second = publish_small(settings, engine, other)
    assert (second.changed, second.vectors_new) == (True, 39)
    load_release(settings.releases_dir / second.id, other.fingerprint)


def test_faults_change_nothing(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    first = publish_small(settings, engine, embedder)
    rename_title(settings, "{delivery_days_min} bis", "{delivery_days_minimum} bis")
    with pytest.raises(ContentError, match=r"de\.yml:1: entry 'delivery-time': the answer has other placeholders"):
        publish_small(settings, engine, embedder)
    assert release_pointer.current(engine) == first.id
    assert folders(settings) == [first.id]


def test_rollback_and_back(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    with pytest.raises(SetupError, match="no earlier release"):
        rollback(settings, engine, "noor")
    first = publish_small(settings, engine, embedder)
    rename_title(settings, "Nachnahme?", "Per Nachnahme?")
    second = publish_small(settings, engine, embedder)
    assert rollback(settings, engine, "noor") == first.id
    assert release_pointer.current(engine) == first.id
    assert rollback(settings, engine, "noor") == second.id


def test_a_broken_earlier_release_is_no_way_back(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    first = publish_small(settings, engine, embedder)
    rename_title(settings, "Nachnahme?", "Per Nachnahme?")
    second = publish_small(settings, engine, embedder)
    (settings.releases_dir / first.id / "content.json").write_bytes(b"{}")
    with pytest.raises(BrokenRelease, match=r"content\.json is not the file that was published"):
        rollback(settings, engine, "noor")
    assert release_pointer.current(engine) == second.id


def test_publishing_mends_a_broken_current_release(
    settings: Settings, engine: Engine, embedder: HashingEmbedder
) -> None:
    first = publish_small(settings, engine, embedder)
    shutil.rmtree(settings.releases_dir / first.id)
    second = publish_small(settings, engine, embedder)
    assert (second.changed, second.vectors_new) == (True, 39)
    assert release_pointer.current(engine) == second.id


def test_a_folder_that_cannot_be_written(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    settings.releases_dir.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(SetupError, match="nothing was published"):
        publish_small(settings, engine, embedder)
    assert release_pointer.current(engine) is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of zipfile, which tries again
@pytest.mark.parametrize("largest_file", [1_000, 7_000, 9_500, 20_000])
def test_a_disk_that_takes_no_more_leaves_nothing_half_done(
    settings: Settings, engine: Engine, embedder: HashingEmbedder, largest_file: int
) -> None:
    first = publish_small(settings, engine, embedder)
    rename_title(settings, "Nachnahme?", "Per Nachnahme?")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, before[1]))
    try:
        with pytest.raises(SetupError, match="nothing was published"):
            publish_small(settings, engine, embedder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert release_pointer.current(engine) == first.id
    assert folders(settings) == [first.id]
    assert publish_small(settings, engine, embedder).changed


def test_a_database_that_refuses_leaves_no_folder(
    settings: Settings, engine: Engine, embedder: HashingEmbedder
) -> None:
    first = publish_small(settings, engine, embedder)
    rename_title(settings, "Nachnahme?", "Per Nachnahme?")
    with engine.begin() as connection:
        connection.execute(
            sa.text("CREATE TRIGGER refuse BEFORE INSERT ON releases BEGIN SELECT RAISE(ABORT, 'refused'); END")
        )
    with pytest.raises(SetupError, match="refused"):
        publish_small(settings, engine, embedder)
    assert release_pointer.current(engine) == first.id
    assert folders(settings) == [first.id]


def test_old_releases_go_but_never_the_previous_one(
    settings: Settings, engine: Engine, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "KEEP", 2)
    ids = [publish_small(settings, engine, embedder).id]
    for number in range(3):
        old, new = (
            ("Nachnahme?", "Nachnahme 0?") if number == 0 else (f"Nachnahme {number - 1}?", f"Nachnahme {number}?")
        )
        rename_title(settings, old, new)
        ids.append(publish_small(settings, engine, embedder).id)
    assert folders(settings) == ids[2:]
    release_pointer.move(engine, ids[2], "noor")
    rename_title(settings, "Nachnahme 2?", "Nachnahme 3?")
    monkeypatch.setattr(publishing, "KEEP", 1)
    ids.append(publish_small(settings, engine, embedder).id)
    assert folders(settings) == [ids[2], ids[4]]


DAMAGE = [
    ("content.json", None, "No such file"),
    ("content.json", b"{}", "not the file that was published"),
    ("index/questions.faiss", b"IxFI", "not the file that was published"),
    ("calibration.json", b"", "not the file that was published"),
    ("manifest.json", None, "No such file"),
    ("manifest.json", b"{", "is damaged"),
    ("manifest.json", b'{"id": "x"}', "is damaged"),
]


@pytest.mark.parametrize(("name", "data", "message"), DAMAGE)
def test_a_damaged_release_is_refused(
    settings: Settings, engine: Engine, embedder: HashingEmbedder, name: str, data: bytes | None, message: str
) -> None:
    folder = settings.releases_dir / publish_small(settings, engine, embedder).id
    if data is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(data)
    with pytest.raises(BrokenRelease, match=message):
        load_release(folder, embedder.fingerprint)


def test_a_release_of_another_format_is_refused(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    folder = settings.releases_dir / publish_small(settings, engine, embedder).id
    edit(folder / "manifest.json", '"format": 2', '"format": 1')
    with pytest.raises(BrokenRelease, match="has format 1"):
        read_manifest(folder)


def test_damaged_vectors_are_made_anew(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    folder = settings.releases_dir / publish_small(settings, engine, embedder).id
    (folder / "vectors.npy").write_bytes(b"")
    rename_title(settings, "Nachnahme?", "Per Nachnahme?")
    assert publish_small(settings, engine, embedder).vectors_new == 39


def test_words_alone_need_no_vectors(settings: Settings, engine: Engine, embedder: HashingEmbedder) -> None:
    folder = settings.releases_dir / publish_small(settings, engine, embedder).id
    shutil.rmtree(folder / "index")
    release = load_release(folder, with_vectors=False)
    assert release.index is None
    said = release.words.say("utter_greet", market=release.markets["DE"], language="de")
    assert said.text == "Guten Tag von Orikka!"
