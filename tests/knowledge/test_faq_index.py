from pathlib import Path

import numpy as np
import pytest

from knowledge import vector_store
from knowledge.faq_index import FaqIndex

WIDTH = 32


def clustered(entries: int, questions: int, seed: int = 0, spread: float = 0.5) -> tuple[list[str], np.ndarray]:
    """Entry ids and unit vectors of `questions` questions around each entry's own direction."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((entries, WIDTH))
    rows = np.repeat(np.arange(entries), questions)
    vectors = centres[rows] + spread * random.standard_normal((len(rows), WIDTH))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [f"entry-{row}" for row in rows], vectors.astype(np.float32)


@pytest.fixture(scope="module")
def index() -> FaqIndex:
    return FaqIndex.build(*clustered(20, 6))


def test_every_question_finds_its_own_entry_best_first(index: FaqIndex) -> None:
    ids, vectors = clustered(20, 6)
    for entry_id, vector in zip(ids, vectors, strict=True):
        hits = index.search(vector)
        assert hits[0].id == entry_id
        assert len(hits) == 5
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_an_unseen_wording_finds_its_entry(index: FaqIndex) -> None:
    ids, vectors = clustered(20, 12)  # the same directions, other wordings
    right = [hits[0].id == entry_id for hits, entry_id in zip(index.search_many(vectors), ids, strict=True)]
    ids_again, _ = clustered(20, 12)
    assert ids == ids_again
    assert np.mean(right) > 0.95


def test_scores_lie_near_one_for_the_same_words_and_near_nought_for_others(index: FaqIndex) -> None:
    _, vectors = clustered(20, 6, spread=0.0)
    assert index.search(vectors[0])[0].score > 0.75
    stranger = np.random.default_rng(9).standard_normal(WIDTH).astype(np.float32)
    assert index.search(stranger)[0].score < 0.6


def test_a_mask_hides_entries_even_the_nearest(index: FaqIndex) -> None:
    _, vectors = clustered(20, 6)
    allowed = frozenset({"entry-3", "entry-4", "not an entry"})
    for given in (allowed, index.mask(allowed)):
        assert {hit.id for hit in index.search(vectors[0], given)} == {"entry-3", "entry-4"}
    assert index.search(vectors[0], frozenset()) == []


def test_many_questions_of_hidden_entries_do_not_crowd_out_the_allowed_one() -> None:
    ids, vectors = clustered(2, 300)
    index = FaqIndex.build(ids, vectors)
    assert [hit.id for hit in index.search(vectors[0], {"entry-1"})] == ["entry-1"]


def test_search_many_gives_what_search_gives(index: FaqIndex) -> None:
    _, vectors = clustered(20, 6)
    for vector, hits in zip(vectors[:10], index.search_many(vectors[:10], top=3), strict=True):
        alone = index.search(vector, top=3)
        assert [hit.id for hit in alone] == [hit.id for hit in hits]
        assert [hit.score for hit in alone] == pytest.approx([hit.score for hit in hits], abs=1e-5)


def test_the_length_of_the_message_vector_does_not_matter(index: FaqIndex) -> None:
    _, vectors = clustered(20, 6)
    assert index.search(vectors[0] * 0.7)[0].score == pytest.approx(index.search(vectors[0])[0].score, abs=1e-5)


def test_a_zero_vector_and_one_question_per_entry_are_no_trouble() -> None:
    ids, vectors = clustered(4, 1)
    index = FaqIndex.build(ids, vectors)
    assert index.search(vectors[2])[0].id == "entry-2"
    assert len(index.search(np.zeros(WIDTH, dtype=np.float32))) == 4


def test_saved_and_loaded_it_answers_the_same(index: FaqIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    loaded = FaqIndex.load(tmp_path / "index")
    _, vectors = clustered(20, 6)
    mask = loaded.mask({"entry-1", "entry-2"})
    assert loaded.search_many(vectors) == index.search_many(vectors)
    assert loaded.search(vectors[0], mask) == index.search(vectors[0], {"entry-1", "entry-2"})
    assert len(loaded) == len(index) == 120


@pytest.mark.parametrize("name", ["questions.faiss", "prototypes.npz", "entries.json", "entry_of_row.npy"])
@pytest.mark.parametrize("damage", ["empty", "truncated"])
def test_a_damaged_file_is_refused(index: FaqIndex, tmp_path: Path, name: str, damage: str) -> None:
    index.save(tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(b"" if damage == "empty" else whole[: len(whole) // 2])
    with pytest.raises((OSError, ValueError)):
        FaqIndex.load(tmp_path)


def test_files_of_different_indexes_are_refused(index: FaqIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "one")
    FaqIndex.build(*clustered(5, 4)).save(tmp_path / "two")
    (tmp_path / "two" / "questions.faiss").replace(tmp_path / "one" / "questions.faiss")
    with pytest.raises(ValueError, match="different indexes"):
        FaqIndex.load(tmp_path / "one")


def test_ids_and_vectors_must_match() -> None:
    _, vectors = clustered(2, 2)
    with pytest.raises(ValueError, match="3 entry ids came with 4 vectors"):
        FaqIndex.build(["a", "b", "c"], vectors)
    with pytest.raises(ValueError, match="at least one"):
        FaqIndex.build([], vectors[:0])


def test_the_compressed_index_finds_what_the_exact_one_finds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ids, vectors = clustered(60, 40, spread=0.3)
    exact = FaqIndex.build(ids, vectors)
    monkeypatch.setattr(vector_store, "EXACT_LIMIT", 1000)
    FaqIndex.build(ids, vectors).save(tmp_path)
    compressed = FaqIndex.load(tmp_path)
    sample = vectors[::20]
    pairs = zip(exact.search_many(sample), compressed.search_many(sample), strict=True)
    assert np.mean([one[0].id == other[0].id for one, other in pairs]) > 0.98
    allowed = frozenset({"entry-1", "entry-2"})
    assert {hit.id for hit in compressed.search(sample[0], allowed)} == allowed
