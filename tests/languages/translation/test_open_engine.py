"""The chosen engine, opened without loading or asking anything."""

from pathlib import Path

import pytest

from core.errors import SetupError
from core.settings import load_settings
from languages.translation.engine import Pair, PairUnavailable
from languages.translation.open_engine import TranslationOptions, open_engine, translation_options


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "argos"),
        ({"engine": "libretranslate", "libre_url": "http://127.0.0.1:1"}, "libre"),
        ({"engine": "deepl", "deepl_key": "x"}, "deepl"),
    ],
)
def test_opens(options: dict[str, str], name: str, tmp_path: Path) -> None:
    assert open_engine(TranslationOptions(tmp_path, **options)).name == name


@pytest.mark.parametrize(
    ("options", "variable"),
    [
        ({"engine": "google"}, "AFTERSAIL_TRANSLATION_ENGINE"),
        ({"engine": "libretranslate"}, "AFTERSAIL_LIBRETRANSLATE_URL"),
        ({"engine": "deepl"}, "AFTERSAIL_DEEPL_KEY"),
    ],
)
def test_wrong_settings_are_named(options: dict[str, str], variable: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=variable):
        open_engine(TranslationOptions(tmp_path, **options))


def test_no_packages_means_no_pairs(tmp_path: Path) -> None:
    engine = open_engine(TranslationOptions(tmp_path / "none"))
    assert engine.pairs() == frozenset()
    assert Pair("de", "en") not in engine.pairs()


def test_switched_off(tmp_path: Path) -> None:
    engine = open_engine(TranslationOptions(tmp_path, engine="none"))
    assert engine.pairs() == frozenset()
    with pytest.raises(PairUnavailable, match="AFTERSAIL_TRANSLATION_ENGINE"):
        engine.translate(["a"], Pair("de", "en"))


def test_settings_become_options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFTERSAIL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AFTERSAIL_TRANSLATION_ENGINE", "deepl")
    monkeypatch.setenv("AFTERSAIL_TRANSLATION_MEMORY_MB", "700")
    monkeypatch.setenv("AFTERSAIL_TRANSLATION_THREADS", "3")
    monkeypatch.setenv("AFTERSAIL_DEEPL_KEY", "secret")
    options = translation_options(load_settings())
    assert (options.packages, options.engine, options.deepl_key) == (tmp_path / "packages", "deepl", "secret")
    assert (options.argos.memory_mb, options.argos.inter_threads, options.threads) == (700, 3, 3)
    assert "secret" not in repr(options)
