"""Publishing: from content files to a release that every process picks up, and back again."""

import errno
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from core import release_pointer
from core.database import remedy
from core.errors import ContentError, Fault, SetupError
from core.release_pointer import ReleaseRecord
from core.settings import Settings
from knowledge.calibration_fit import fit_calibrator
from knowledge.content import Content, load_content
from knowledge.content_texts import texts_of
from knowledge.embedder import Embedder
from knowledge.faq_index import FaqIndex
from knowledge.lint import lint
from knowledge.manifest import BrokenRelease, Manifest, read_manifest, verify
from knowledge.release import CALIBRATION, CONTENT, INDEX, VOCABULARY, load_release
from knowledge.release_content import to_json
from knowledge.release_folder import prune_folders, remove_folder, write_folder
from knowledge.vector_rows import (
    ROWS,
    VECTORS,
    Progress,
    VectorRows,
    Vectors,
    embed_rows,
    read_rows,
    rows_of,
    write_rows,
)
from knowledge.vocabulary import to_json as vocabularies_to_json
from knowledge.vocabulary import vocabularies_of

KEEP = 20

Negative = tuple[str, str]  # a message that no entry answers, and its language
Phrase = tuple[str, str]  # what a customer may write, and its language


@dataclass(frozen=True)
class PublishResult:
    """What a publication did. `changed`: False when the current release already has this content."""

    id: str
    changed: bool
    vectors_new: int = 0
    vectors_reused: int = 0
    warnings: tuple[Fault, ...] = field(default=())
    seconds: float = 0.0


def silent(_step: str, _done: int, _total: int) -> None:
    """A Progress that shows nothing."""


def publish(
    settings: Settings,
    engine: Engine,
    embedder: Embedder,
    *,
    author: str,
    note: str = "",
    negatives: Sequence[Negative] = (),
    phrases: Sequence[Phrase] = (),
    progress: Progress = silent,
    clock: Callable[[], float] = time.time,
) -> PublishResult:
    """The new current release, made of the content files.

    Vectors of texts that the current release has too are taken over. `negatives` teach the calibrator which scores
    mean nothing; the words of `phrases` are not taken for mistyped ones. Raises ContentError with every fault and
    SetupError with the remedy; then nothing has changed.
    """
    started = time.monotonic()
    content, warnings = _checked(settings, progress)
    job = _Job(settings, engine, embedder, content, to_json(content), tuple(negatives), tuple(phrases), progress)
    current = job.usable_current()
    if current is not None and current.inputs == job.inputs:
        return PublishResult(current.id, False, 0, current.counts["vectors"], warnings)
    rows, new = embed_rows(rows_of(content.entries, negatives), job.known_vectors(current), embedder, progress)
    manifest = job.manifest(rows, author, note, clock())
    job.write(manifest, rows)
    return PublishResult(manifest.id, True, new, len(rows.rows) - new, warnings, time.monotonic() - started)


def rollback(settings: Settings, engine: Engine, who: str) -> str:
    """Id of the release that was current before and is current again.

    Raises SetupError when there is none, or when it cannot be loaded any more; then nothing has changed.
    """
    wanted = release_pointer.previous(engine)
    if wanted is None:
        raise SetupError("There is no earlier release to go back to; publish the content you want instead.")
    load_release(settings.releases_dir / wanted)
    release_pointer.move(engine, wanted, who)
    return wanted


def _checked(settings: Settings, progress: Progress) -> tuple[Content, tuple[Fault, ...]]:
    progress("check", 0, 1)
    content = load_content(settings.content_dir)
    report = lint(content)
    if report.faults:
        raise ContentError(report.faults)
    progress("check", 1, 1)
    return content, tuple(report.warnings)


@dataclass(frozen=True)
class _Job:
    """One publication."""

    settings: Settings
    engine: Engine
    embedder: Embedder
    content: Content
    data: bytes  # the content as it is stored
    negatives: tuple[Negative, ...]
    phrases: tuple[Phrase, ...]
    progress: Progress

    @property
    def inputs(self) -> str:
        """Digest of all that the release depends on."""
        digest = hashlib.sha256(self.data)
        digest.update(json.dumps([self.embedder.fingerprint, self.negatives, self.phrases]).encode())
        return digest.hexdigest()

    def manifest(self, rows: VectorRows, author: str, note: str, at: float) -> Manifest:
        """The manifest, without the files' digests. The id sorts by time."""
        counts = {
            "entries": len(self.content.entries),
            "languages": len(self.content.replies.texts),
            "markets": len(self.content.markets),
            "vectors": len(rows.rows),  # with those of the negatives
        }
        release_id = f"{datetime.fromtimestamp(at, UTC):%Y%m%d-%H%M%S-%f}-{self.inputs[:8]}"
        return Manifest(release_id, at, author, note, self.embedder.fingerprint, self.inputs, counts, files={})

    def usable_current(self) -> Manifest | None:
        """Manifest of the current release, when its folder is whole."""
        current = release_pointer.current(self.engine)
        if current is None:
            return None
        folder = self.settings.releases_dir / current
        try:
            load_release(folder)
            return read_manifest(folder)
        except BrokenRelease:
            return None  # to publish anew is the remedy that this error names

    def known_vectors(self, current: Manifest | None) -> Mapping[tuple[str, str], Vectors]:
        """The current release's vectors by language and text, when this embedder made them."""
        if current is None or current.embedder != self.embedder.fingerprint:
            return {}
        folder = self.settings.releases_dir / current.id
        try:
            verify(folder, current, [ROWS, VECTORS])
        except BrokenRelease:
            return {}  # made anew, which costs seconds
        return read_rows(folder).by_text()

    def write(self, manifest: Manifest, rows: VectorRows) -> None:
        """Write, check, register and make current; then remove what is too old."""
        self.progress("write", 0, 1)
        releases_dir = self.settings.releases_dir
        digest = write_folder(
            releases_dir,
            manifest,
            lambda folder: self._fill(folder, rows),
            lambda folder: load_release(folder, self.embedder.fingerprint),
        )
        record = ReleaseRecord(manifest.id, manifest.created_at, manifest.author, manifest.note, digest)
        try:
            release_pointer.register(self.engine, record)
        except DBAPIError as error:
            remove_folder(releases_dir / manifest.id)
            message = f"The release could not be registered: {error.orig}; nothing was published. {remedy(error)}"
            raise SetupError(message) from error
        keep = {release_pointer.current(self.engine), release_pointer.previous(self.engine)}
        prune_folders(releases_dir, {name for name in keep if name}, KEEP)
        self.progress("write", 1, 1)

    def _fill(self, folder: Path, rows: VectorRows) -> None:
        indexed, negatives = rows.of_entries(), rows.negatives()
        ids = [row.entry_id for row in indexed.rows]
        index = FaqIndex.build(ids, indexed.vectors)
        calibrator = fit_calibrator(ids, indexed.languages, indexed.vectors, negatives.vectors, negatives.languages)
        (folder / CONTENT).write_bytes(self.data)
        (folder / CALIBRATION).write_text(calibrator.to_json(), encoding="utf-8")
        vocabularies = vocabularies_of([*texts_of(self.content), *self.phrases])
        (folder / VOCABULARY).write_text(vocabularies_to_json(vocabularies), encoding="utf-8")
        write_rows(rows, folder)
        try:
            index.save(folder / INDEX)
        except RuntimeError as error:  # FAISS's word for a disk that refuses
            raise OSError(errno.EIO, str(error).splitlines()[-1], str(folder / INDEX)) from error
