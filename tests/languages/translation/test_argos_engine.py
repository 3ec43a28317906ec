"""Argos packages in this process: the words are argostranslate's own, the options are ours."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import SetupError
from languages.translation.argos_engine import ArgosEngine, ArgosOptions, memory_mb
from languages.translation.argos_library import argos_package
from languages.translation.argos_packages import PackageStore
from languages.translation.engine import DecodeOptions, Pair, PairUnavailable
from languages.translation.package_check import check_new
from languages.translation.package_install import install, remove
from languages.translation.pivot import PivotEngine
from languages.translation.probes import load_probes
from tests.languages.translation.conftest import archive

DE_EN, EN_DE, EN_JA, JA_EN, DE_JA = (Pair(*pair.split()) for pair in ("de en", "en de", "en ja", "ja en", "de ja"))
SENTENCE = {"de": "Wo ist mein Paket?", "en": "Where is my parcel?", "ja": "荷物はどこですか？"}


@pytest.fixture(scope="module")
def engine(store: PackageStore) -> ArgosEngine:
    return ArgosEngine(store)


def argos_itself(store: PackageStore, pair: Pair, sentences: list[str], count: int) -> list[list[tuple[str, float]]]:
    """What argostranslate's own functions make of the sentences."""
    package = next(one for one in store.packages() if (one.source, one.target) == (pair.source, pair.target))
    argos = argos_package(store.argos_home).Package(package.path)
    import ctranslate2
    from argostranslate.translate import apply_packaged_translation

    class Whole:
        """Leaves the text in one piece."""

        def split_sentences(self, text: str) -> list[str]:
            return [text]

    translator = ctranslate2.Translator(str(package.path / "model"), compute_type="int8")
    found = [apply_packaged_translation(argos, sentence, translator, Whole(), count) for sentence in sentences]
    return [[(one.value, one.score) for one in hypotheses] for hypotheses in found]


@pytest.mark.parametrize("pair", [DE_EN, EN_DE, JA_EN, EN_JA], ids=str)
@pytest.mark.parametrize("count", [1, 3])
def test_the_words_are_argostranslates_own(store: PackageStore, engine: ArgosEngine, pair: Pair, count: int) -> None:
    sentences = [text.format("ORK-4821936", "5") for text in load_probes()[pair.source]] + ["", "⟦0⟧ ok_ok", "x"]
    theirs = argos_itself(store, pair, sentences, count)
    ours = engine.translate(sentences, pair, DecodeOptions(n_best=count))
    for mine, own in zip(ours, theirs, strict=True):
        assert [one.text for one in mine] == list(dict.fromkeys(text for text, _ in own))
        assert mine[0].score == pytest.approx(own[0][1], rel=1e-3, abs=1e-3)


def test_hypotheses_are_ordered_and_different(engine: ArgosEngine) -> None:
    found = engine.translate([SENTENCE["de"]], DE_EN, DecodeOptions(n_best=4))[0]
    assert 2 <= len(found) <= 4
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({one.text for one in found}) == len(found)


@pytest.mark.parametrize("pair", [DE_EN, EN_DE, JA_EN, EN_JA], ids=str)
def test_suppressed_words_are_not_written(engine: ArgosEngine, pair: Pair) -> None:
    plain = engine.translate([SENTENCE[pair.source]], pair)[0][0].text
    word = max(plain.replace("？", "").replace("。", "").rstrip("?.").split(), key=len)
    for variant in (word, word.lower(), word.capitalize()):
        found = engine.translate([SENTENCE[pair.source]], pair, DecodeOptions(n_best=4, suppress=(variant,)))[0]
        # "parcels" is another word than "parcel".
        assert not re.search(rf"\b{re.escape(word)}\b", found[0].text)
        assert found[0].text != plain


def test_nothing_is_suppressed_by_letters_that_the_model_cannot_write(engine: ArgosEngine) -> None:
    plain = engine.translate([SENTENCE["de"]], DE_EN)
    assert engine.translate([SENTENCE["de"]], DE_EN, DecodeOptions(suppress=("𒀀𒀁", " ", "𓂀"))) == plain


def test_each_sentence_has_its_own_prefix(engine: ArgosEngine) -> None:
    sentences = [SENTENCE["de"], "Danke!", SENTENCE["de"]]
    plain = engine.translate(sentences, DE_EN)
    found = engine.translate(sentences, DE_EN, DecodeOptions(prefix=("My parcel", None, "Where")))
    assert found[0][0].text.startswith("My parcel")
    assert found[1][0].text == plain[1][0].text
    assert found[2][0].text.startswith("Where")


def test_the_length_is_bounded_by_the_source(engine: ArgosEngine) -> None:
    long = engine.translate([SENTENCE["de"]], DE_EN)[0][0].text
    short = engine.translate([SENTENCE["de"]], DE_EN, DecodeOptions(max_length=0.1))[0][0].text
    assert len(short) < len(long)


def test_no_sentences(engine: ArgosEngine) -> None:
    assert engine.translate([], DE_EN) == []


def test_pairs_and_what_is_missing(engine: ArgosEngine) -> None:
    assert engine.pairs() == {DE_EN, EN_DE, JA_EN, EN_JA}
    with pytest.raises(PairUnavailable, match=r"aftersail languages install en zh-Hant.*translate-en_zt"):
        engine.translate(["x"], Pair("en", "zh-Hant"))
    assert DE_JA in PivotEngine(engine).pairs()
    assert PivotEngine(engine).translate([SENTENCE["de"]], DE_JA)[0][0].text


def test_the_best_mask_is_the_measured_one(engine: ArgosEngine) -> None:
    rates = engine.mask_rates(DE_EN)
    assert rates[engine.best_mask(DE_EN).name] == max(rates.values()) > 0.5


def test_a_package_installed_or_removed_meanwhile_counts_at_once(tmp_path: Path) -> None:
    store = PackageStore(tmp_path)
    engine = ArgosEngine(store)
    assert engine.pairs() == frozenset()
    package = install(store, archive("de", "en"), check_new).package
    assert engine.pairs() == {DE_EN}
    assert engine.version(DE_EN) == package.key
    assert engine.translate(["Hallo"], DE_EN)
    assert engine.loaded() == {package.name: memory_mb(package)}
    remove(store, package.name)
    with pytest.raises(PairUnavailable):
        engine.translate(["Hallo"], DE_EN)


def test_models_beyond_the_budget_take_turns(store: PackageStore) -> None:
    largest = max(map(memory_mb, store.packages()))
    engine = ArgosEngine(store, ArgosOptions(memory_mb=int(largest + 1)))
    for pair in (DE_EN, EN_JA, DE_EN):
        assert engine.translate([SENTENCE[pair.source]], pair)
        assert [name[10:15] for name in engine.loaded()] == [f"{pair.source}_{pair.target}"]
    with pytest.raises(SetupError, match="AFTERSAIL_TRANSLATION_MEMORY_MB"):
        ArgosEngine(store, ArgosOptions(memory_mb=1)).translate(["x"], DE_EN)


def test_many_threads_with_little_memory_agree(store: PackageStore, engine: ArgosEngine) -> None:
    largest = max(map(memory_mb, store.packages()))
    small = ArgosEngine(store, ArgosOptions(memory_mb=int(2 * largest + 1)))
    pairs = [DE_EN, EN_DE, JA_EN, EN_JA] * 6
    expected = [engine.translate([SENTENCE[pair.source]], pair) for pair in pairs]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda pair: small.translate([SENTENCE[pair.source]], pair), pairs))
    assert [one[0][0].text for one in found] == [one[0][0].text for one in expected]


@pytest.mark.parametrize("damage", ["cut", "gone", "vocabulary"])
def test_a_damaged_package_is_named(tmp_path: Path, damage: str) -> None:
    store = PackageStore(tmp_path)
    package = install(store, archive("de", "en"), lambda *_: None).package
    model = package.path / "model"
    if damage == "cut":
        (model / "model.bin").write_bytes((model / "model.bin").read_bytes()[:1000])
    elif damage == "gone":
        (model / "model.bin").unlink()
    else:
        (model / "shared_vocabulary.json").unlink()
    with pytest.raises(SetupError, match="install"):
        ArgosEngine(store).translate(["Hallo"], DE_EN)


def test_neither_home_nor_network_nor_torch_is_touched(
    store: PackageStore, fresh_python: Callable, tmp_path: Path
) -> None:
    done = fresh_python(
        "import socket, sys\n"
        "def refuse(*_, **__): raise AssertionError('the network was used')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from pathlib import Path\n"
        "from languages.translation.open_engine import TranslationOptions, open_engine\n"
        "from languages.translation.engine import Pair\n"
        "heavy = {'torch', 'stanza', 'spacy', 'transformers', 'ctranslate2', 'argostranslate', 'deepl', 'requests'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
        f"engine = open_engine(TranslationOptions(Path({str(store.folder)!r})))\n"
        "assert engine.translate(['Wo ist mein Paket?'], Pair('de', 'ja'))[0][0].text\n"
        "assert not {'torch', 'stanza', 'spacy', 'transformers'} & sys.modules.keys()\n"
    )
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "home").iterdir()) == []
