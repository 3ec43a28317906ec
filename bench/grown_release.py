"""A release with several times the entries of the published one: synthetic, for measurements only.

An added entry is a published one with another's words behind its own, so its vectors lie between those of both.
"""

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import release_pointer
from core.database import open_engine
from core.release_pointer import ReleaseRecord
from core.settings import Settings
from knowledge.faq_index import FaqIndex
from knowledge.manifest import read_manifest
from knowledge.release import CALIBRATION, CONTENT, INDEX
from knowledge.release_folder import write_folder
from knowledge.vector_rows import VectorRows, read_rows

STRIDE = 7  # the other entry of the k-th addition stands so many times k places further on
NOISE = 0.01  # added to each number of a vector of about 900: two wordings differ by 0.3 in all


def publish_grown(settings: Settings, times: int) -> float:
    """Seconds to build the index of the grown release, which is current afterwards.

    `settings`: of a temporary installation, whose link to the real releases is replaced by a folder.
    """
    engine = open_engine(settings)
    old = (settings.releases_dir / (release_pointer.current(engine) or "")).resolve()
    settings.releases_dir.unlink()
    data = json.loads((old / CONTENT).read_bytes())
    published = [entry["id"] for entry in data["entries"]]
    ids, vectors = _grown_rows(read_rows(old).of_entries(), published, times)
    data["entries"] = _grown_entries(data["entries"], times)
    started = time.perf_counter()
    index = FaqIndex.build(ids, vectors)
    built_s = time.perf_counter() - started

    def fill(folder: Path) -> None:
        (folder / CONTENT).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        shutil.copy(old / CALIBRATION, folder)
        index.save(folder / INDEX)

    manifest = replace(read_manifest(old), id=f"grown-{times}")
    digest = write_folder(settings.releases_dir, manifest, fill, lambda _folder: None)
    release_pointer.register(engine, ReleaseRecord(manifest.id, manifest.created_at, "bench", "", digest))
    engine.dispose()
    return built_s


def _grown_entries(entries: Sequence[dict[str, Any]], times: int) -> list[dict[str, Any]]:
    return [
        {**entry, "id": _name(entry["id"], round_), "texts": _joined(entry["texts"], other["texts"])}
        if round_
        else entry
        for round_ in range(times)
        for entry, other in zip(entries, _moved(entries, round_), strict=True)
    ]


def _joined(texts: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for language, text in texts.items():
        other = others.get(language, text)
        questions = [f"{one} {two}" for one, two in zip(text["questions"], other["questions"], strict=False)]
        joined[language] = {**text, "title": f"{text['title']} {other['title']}", "questions": questions}
    return joined


def _grown_rows(rows: VectorRows, published: Sequence[str], times: int) -> tuple[list[str], NDArray[np.float32]]:
    """Entry ids and vectors, the published ones first."""
    number = {entry_id: place for place, entry_id in enumerate(published)}
    entry_of_row = np.array([number[row.entry_id] for row in rows.rows])
    centres = np.stack([rows.vectors[entry_of_row == place].mean(axis=0) for place in range(len(published))])
    draw = np.random.default_rng(0)
    ids, parts = [row.entry_id for row in rows.rows], [rows.vectors]
    for round_ in range(1, times):
        others = np.array(_moved(range(len(published)), round_))[entry_of_row]
        noise = draw.standard_normal(rows.vectors.shape, dtype=np.float32) * NOISE
        mixed = rows.vectors + centres[others] + noise
        parts.append(mixed / np.linalg.norm(mixed, axis=1, keepdims=True))
        ids += [_name(row.entry_id, round_) for row in rows.rows]
    return ids, np.concatenate(parts)


def _moved(items: Sequence[Any], round_: int) -> list[Any]:
    start = STRIDE * round_ % len(items)
    return [*items[start:], *items[:start]]


def _name(entry_id: str, round_: int) -> str:
    return f"{entry_id}-{round_}"
