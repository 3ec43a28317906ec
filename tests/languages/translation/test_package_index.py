"""Argos's index, when there is a network and when there is none."""

import shutil
from pathlib import Path

import pytest

from languages.translation.argos_library import argos_package
from languages.translation.argos_packages import PackageStore
from languages.translation.engine import Pair, PairUnavailable
from languages.translation.package_index import IndexUnreachable, download
from tests.languages.translation.archives import METADATA, files, write
from tests.languages.translation.http_stub import Answer, Asked, serving


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackageStore:
    store = PackageStore(tmp_path / "packages")
    argos_package(store.argos_home)
    monkeypatch.setattr("argostranslate.settings.local_package_index", tmp_path / "data" / "index.json")
    return store


def use(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr("argostranslate.settings.remote_package_index", f"{url}/index.json")


def test_downloads_the_preferred_package(store: PackageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = write(tmp_path / "a.argosmodel", files(to_code="pb")).read_bytes()

    def answer(asked: Asked) -> Answer:
        if asked.path == "/index.json":
            links = ["ipfs://x", f"{stub.url}/gone", f"{stub.url}/package"]
            return Answer(
                [METADATA | {"to_code": code, "links": links if code == "pb" else []} for code in ("pt", "pb")]
            )
        return Answer(archive) if asked.path == "/package" else Answer({}, 404)

    with serving(answer) as stub:
        use(monkeypatch, stub.url)
        path = download(store, Pair("de", "pt"))
        assert path.read_bytes() == archive
        assert path.is_relative_to(store.staging_dir)
        with pytest.raises(PairUnavailable, match="de→en and en→th"):
            download(store, Pair("de", "th"))
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("index", [Answer({}, 404), Answer(b"no json"), Answer([1]), Answer({"a": "b"})])
def test_an_index_that_is_none(index: Answer, store: PackageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _: index) as stub:
        use(monkeypatch, stub.url)
        with pytest.raises(IndexUnreachable, match="--file FILE"):
            download(store, Pair("de", "en"))


def test_a_package_that_cannot_be_fetched(store: PackageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(
        lambda asked: Answer(
            [METADATA | {"links": [f"{stub.url}/gone"]}] if "index" in asked.path else {},
            200 if "index" in asked.path else 404,
        )
    ) as stub:
        use(monkeypatch, stub.url)
        with pytest.raises(IndexUnreachable, match="404"):
            download(store, Pair("de", "en"))
    assert not list(store.staging_dir.iterdir())


def test_a_package_without_end(store: PackageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("languages.translation.package_index.MAX_BYTES", 1000)
    with serving(
        lambda asked: Answer([METADATA | {"links": [f"{stub.url}/p"]}] if "index" in asked.path else b"x" * 5000)
    ) as stub:
        use(monkeypatch, stub.url)
        with pytest.raises(IndexUnreachable, match="longer than"):
            download(store, Pair("de", "en"))


def test_no_network(store: PackageStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    use(monkeypatch, "http://127.0.0.1:1")
    with pytest.raises(IndexUnreachable, match="aftersail languages install --file FILE"):
        download(store, Pair("de", "en"))
    assert not caplog.records
