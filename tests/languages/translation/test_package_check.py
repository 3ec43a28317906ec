"""A package is tried before it is used, and can be tried again."""

import json
from pathlib import Path

import pytest

from languages.translation.archive_check import PackageRefused
from languages.translation.argos_engine import ArgosEngine
from languages.translation.argos_packages import PackageStore, mask_rates
from languages.translation.mask_shapes import load_mask_shapes
from languages.translation.package_check import check_new, check_package, damaged_files
from languages.translation.package_install import install
from tests.languages.translation.archives import files, write
from tests.languages.translation.conftest import archive


@pytest.fixture
def own(tmp_path: Path) -> PackageStore:
    store = PackageStore(tmp_path / "packages")
    install(store, archive("de", "en"), check_new)
    return store


def test_what_was_measured_lies_beside_the_package(own: PackageStore) -> None:
    package = own.packages()[0]
    rates = mask_rates(package)
    assert rates.keys() == {shape.name for shape in load_mask_shapes().shapes}
    assert list(rates.values()) == sorted(rates.values(), reverse=True)
    found = check_package(ArgosEngine(own), package)
    assert {name: survival.rate for name, survival in found.survival.items()} == rates
    assert found.milliseconds > 0
    written = json.loads((package.path / "masks.json").read_text())
    assert written["shapes"][next(iter(rates))]["of"] == 8
    assert damaged_files(package) == []


def test_changed_files_are_named(own: PackageStore) -> None:
    package = own.packages()[0]
    (package.path / "README.md").write_text("changed")
    (package.path / "more").write_text("new")
    (package.path / "sentencepiece.model").unlink()
    assert damaged_files(package) == ["README.md", "more", "sentencepiece.model"]


def test_a_package_put_there_by_hand_has_nothing_to_compare_with(own: PackageStore) -> None:
    package = own.packages()[0]
    (package.path / "installed.json").unlink()
    assert damaged_files(package) == []


def test_a_package_that_does_not_translate_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("languages.translation.probes.ENDLESS", 0)
    store = PackageStore(tmp_path / "packages")
    with pytest.raises(PackageRefused, match="go on without end; nothing was installed"):
        install(store, archive("de", "en"), check_new)
    assert store.packages() == ()


def test_a_package_without_a_model_is_refused(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "packages")
    with pytest.raises(PackageRefused, match="cannot be loaded"):
        install(store, write(tmp_path / "a.argosmodel", files()), check_new)
    assert store.packages() == ()
