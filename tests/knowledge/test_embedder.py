import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.errors import SetupError
from core.settings import Settings, load_settings
from knowledge.embedder import BuiltinEmbedder, Embedder, SentenceTransformerEmbedder, open_embedder
from knowledge.language_centres import CENTRES, read_centres
from knowledge.model_folder import E5, USE

MODELS = load_settings().models_dir

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not (MODELS / USE.name).is_dir(), reason="the embedder is not built: run `aftersail build`"),
]

RETURNS = {  # "How do I send something back?"
    "en": "How do I return an item?",
    "es": "¿Cómo devuelvo un artículo?",
    "fr": "Comment retourner un article ?",
    "de": "Wie schicke ich einen Artikel zurück?",
    "it": "Come posso restituire un articolo?",
    "pt": "Como faço para devolver um produto?",
    "ar": "كيف أرجع منتجًا؟",
    "ja": "商品を返品するにはどうすればいいですか",
    "ko": "상품을 반품하려면 어떻게 하나요?",
    "zh": "怎么退货?",
    "zh-Hant": "要怎麼退貨?",
    "th": "คืนสินค้าได้อย่างไร",
    "id": "Bagaimana cara mengembalikan barang?",
    "vi": "Làm sao để trả lại hàng?",
}
OTHERS = {
    "en": "Do you deliver to Canada?",
    "es": "¿Puedo pagar con tarjeta?",
    "fr": "Le babyphone est-il étanche ?",
    "de": "Wo finde ich meine Rechnung?",
    "ja": "ポイントの有効期限はいつまでですか",
}


@pytest.fixture(scope="module")
def embedder() -> BuiltinEmbedder:
    return BuiltinEmbedder(MODELS)


@pytest.mark.parametrize("language", RETURNS)
def test_a_question_is_nearest_to_its_translation(embedder: BuiltinEmbedder, language: str) -> None:
    query = embedder.encode([RETURNS[language]], [language])[0]
    target = "de" if language == "en" else "en"
    others = {code: text for code, text in OTHERS.items() if code != language}
    candidates = embedder.encode([RETURNS[target], *others.values()], [target, *others])
    assert (candidates @ query).argmax() == 0


def test_every_language_of_the_product_has_a_centre() -> None:
    assert set(read_centres(CENTRES).by_language) >= set(RETURNS)


def test_vectors_have_their_stated_shape_and_length(embedder: BuiltinEmbedder) -> None:
    vectors = embedder.encode(["Where is my parcel?", "Hàng của tôi đâu?", "?"], ["en", "vi", None])
    assert vectors.shape == (3, embedder.dimension)
    assert vectors.dtype == np.float32
    # USE does not know Vietnamese: its half is zero.
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 0.5**0.5, 1.0], abs=1e-5)


def test_no_texts_give_no_vectors(embedder: BuiltinEmbedder) -> None:
    assert embedder.encode([]).shape == (0, embedder.dimension)
    assert embedder.encode([], []).shape == (0, embedder.dimension)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "🙂", "\u0000", "<s></s><pad>", "\ud83d".encode("utf-8", "replace").decode()]
)
def test_odd_texts_give_finite_vectors(embedder: BuiltinEmbedder, text: str) -> None:
    assert np.isfinite(embedder.encode([text], ["en"])).all()


def test_a_text_gives_the_same_vector_alone_and_among_others(embedder: BuiltinEmbedder) -> None:
    texts, languages = list(RETURNS.values()), list(RETURNS)
    together = embedder.encode([*texts, "word " * 150], [*languages, "en"])
    for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
        assert together[row] @ embedder.encode([text], [language])[0] == pytest.approx(
            float(together[row] @ together[row]), abs=1e-4
        )


def test_threads_change_nothing(embedder: BuiltinEmbedder) -> None:
    texts, languages = list(RETURNS.values()), list(RETURNS)
    expected = embedder.encode(texts, languages)
    assert np.allclose(BuiltinEmbedder(MODELS, threads=2).encode(texts, languages), expected, atol=1e-5)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: embedder.encode(texts, languages), range(4)):
            assert np.allclose(vectors, expected, atol=1e-5)


def test_a_very_long_text_counts_by_its_beginning(embedder: BuiltinEmbedder) -> None:
    start = "My parcel has not arrived. " * 200
    one, other = embedder.encode([start + "a" * 1_000_000, start], ["en", "en"])
    assert one @ other == pytest.approx(1.0, abs=1e-4)


def test_languages_must_be_as_many_as_texts(embedder: BuiltinEmbedder) -> None:
    with pytest.raises(ValueError, match="2 texts came with 1 languages"):
        embedder.encode(["a", "b"], ["en"])


def test_the_fingerprint_stays_and_follows_the_files(embedder: BuiltinEmbedder, tmp_path: Path) -> None:
    assert BuiltinEmbedder(MODELS).fingerprint == embedder.fingerprint
    for model in (E5, USE):
        (tmp_path / model.name).symlink_to(MODELS / model.name)
    (tmp_path / USE.name).unlink()
    (tmp_path / USE.name).mkdir()
    for path in (MODELS / USE.name).iterdir():
        (tmp_path / USE.name / path.name).symlink_to(path)
    manifest = tmp_path / USE.name / "manifest.json"
    stored = json.loads(manifest.read_text())
    manifest.unlink()
    manifest.write_text(json.dumps(stored | {"format": 99}))
    assert BuiltinEmbedder(tmp_path).fingerprint != embedder.fingerprint


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"not built.*aftersail build"):
        open_embedder(Settings(data_dir=tmp_path))


def test_a_damaged_model_says_what_to_do(tmp_path: Path) -> None:
    for model in (E5, USE):
        (tmp_path / model.name / "onnx").mkdir(parents=True)
        (tmp_path / model.name / "onnx" / "model.onnx").write_bytes(b"half")
        (tmp_path / model.name / "manifest.json").write_text(json.dumps({"files": {}}))
    with pytest.raises(SetupError, match=r"model\.onnx cannot be loaded.*aftersail build"):
        BuiltinEmbedder(tmp_path)


def test_damaged_centres_are_refused(tmp_path: Path) -> None:
    (tmp_path / "centres.json").write_text('{"en": {}}')
    with pytest.raises(SetupError, match=r"centres\.json is missing or damaged"):
        read_centres(tmp_path / "centres.json")


@pytest.fixture(scope="module")
def other_embedder() -> Embedder:
    pytest.importorskip("torch", reason="torch is installed by `make setup`")
    return open_embedder(Settings(embedder=str(MODELS / E5.name)))


def test_any_sentence_transformers_folder_works(other_embedder: Embedder, embedder: BuiltinEmbedder) -> None:
    vectors = other_embedder.encode(["Where is my parcel?", "Wo ist mein Paket?", "I love jazz"], ["en", "de", None])
    assert vectors.shape == (3, other_embedder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0] * 3, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert other_embedder.fingerprint != embedder.fingerprint
    assert other_embedder.encode([]).shape == (0, other_embedder.dimension)


def test_its_prompt_is_part_of_its_fingerprint(other_embedder: Embedder) -> None:
    again = SentenceTransformerEmbedder(str(MODELS / E5.name))
    plain = SentenceTransformerEmbedder(str(MODELS / E5.name), prompt="")
    assert again.fingerprint == other_embedder.fingerprint
    assert plain.fingerprint != other_embedder.fingerprint


def test_an_unknown_model_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="torch is installed by `make setup`")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(SetupError, match=r"AFTERSAIL_EMBEDDER=.*cannot be loaded.*builtin"):
        open_embedder(Settings(embedder=str(tmp_path / "nothing here")))
