"""Installing, replacing and removing; a failure leaves everything as it was."""

import json
import os
import time
from pathlib import Path

import pytest

from core.errors import NotFound
from languages.translation.archive_check import PackageRefused
from languages.translation.argos_library import argos_package
from languages.translation.argos_packages import InstalledPackage, PackageStore, digests, mask_rates
from languages.translation.package_check import damaged_files
from languages.translation.package_install import install, remove
from tests.languages.translation.archives import files, write
from tests.languages.translation.conftest import archive


def accept(_: PackageStore, __: InstalledPackage) -> None:
    """Finds every package good."""


def refuse(_: PackageStore, __: InstalledPackage) -> None:
    raise PackageRefused("does not translate")


def names(store: PackageStore) -> list[str]:
    return [package.name for package in store.packages()]


def test_installs(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "packages")
    assert store.packages() == ()
    path = write(tmp_path / "any name.argosmodel", files(from_code="zt"))
    done = install(store, path, accept)
    assert done.new
    assert store.packages() == (done.package,)
    package = done.package
    assert (package.source, package.target, package.version) == ("zt", "en", "1.0")
    assert package.name == f"translate-zt_en-1.0-{package.sha256[:8]}"
    assert package.key == f"1.0+{package.sha256[:12]}"
    assert package.size > package.model_bytes == len(b"no model")
    record = json.loads((package.path / "installed.json").read_text())
    assert record["archive"] == "any name.argosmodel"
    assert record["files"] == digests(package.path)
    assert not list(store.staging_dir.iterdir())


def test_what_is_examined_is_what_is_installed(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "packages")

    def examine(alone: PackageStore, package: InstalledPackage) -> None:
        assert store.packages() == ()
        assert alone.packages() == (package,)
        (package.path / "masks.json").write_text('{"shapes": {}}')

    done = install(store, write(tmp_path / "a.argosmodel", files()), examine)
    assert (done.package.path / "masks.json").exists()


def test_the_same_package_again(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "packages")
    path = write(tmp_path / "a.argosmodel", files())
    first = install(store, path, accept)
    again = install(store, path, refuse)
    assert (again.new, again.package, again.replaced) == (False, first.package, ())


def test_a_newer_package_replaces_the_old_one(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "packages")
    old = install(store, write(tmp_path / "a.argosmodel", files()), accept).package
    other = install(store, write(tmp_path / "b.argosmodel", files(from_code="fr")), accept).package
    done = install(store, write(tmp_path / "c.argosmodel", files(package_version="1.10")), accept)
    assert done.replaced == (old.name,)
    assert names(store) == sorted([other.name, done.package.name])


@pytest.mark.parametrize("fault", ["examined", "archive", "unpacked"])
def test_a_failure_changes_nothing(tmp_path: Path, fault: str) -> None:
    store = PackageStore(tmp_path / "packages")
    kept = install(store, write(tmp_path / "a.argosmodel", files()), accept).package
    before = digests(kept.path)
    path = write(tmp_path / "b.argosmodel", files(package_version="2.0"))
    if fault == "archive":
        path.write_bytes(b"no zip")
    if fault == "unpacked":  # one byte of the content is wrong, the list of content is right
        content = bytearray(path.read_bytes())
        content[content.index(b"model.bin") + len("model.bin") + 1] ^= 0xFF
        path.write_bytes(content)
    with pytest.raises(PackageRefused):
        install(store, path, refuse)
    assert names(store) == [kept.name]
    assert digests(kept.path) == before
    assert not list(store.staging_dir.iterdir())


def test_removes(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "packages")
    package = install(store, write(tmp_path / "a.argosmodel", files()), accept).package
    assert remove(store, package.name) == package
    assert store.packages() == ()
    assert not package.path.exists()
    with pytest.raises(NotFound, match="aftersail languages list"):
        remove(store, "../../etc")


def test_half_done_work_of_yesterday_is_cleared(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "packages")
    old, fresh = store.staging_dir / "old", store.staging_dir / "fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
    os.utime(old, (0, time.time() - 100_000))
    install(store, write(tmp_path / "a.argosmodel", files()), accept)
    assert list(store.staging_dir.iterdir()) == [fresh]


def test_the_newest_of_a_pair_is_used(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "packages")
    for version in ("1.9", "1.10", "odd"):
        folder = store.installed_dir / f"by-hand-{version}" / "model"
        folder.mkdir(parents=True)
        (folder / "model.bin").write_bytes(b"x")
        about = files(package_version=version)["pkg/metadata.json"]
        (folder.parent / "metadata.json").write_bytes(about)
    package = store.newest()["de", "en"]
    assert package.version == "1.10"
    assert package.sha256 == ""
    assert package.key.startswith("1.10+1-")
    assert store.newest() is store.newest()


@pytest.mark.parametrize("content", [b"[", b"[]"])
def test_a_broken_package_is_named_costs_no_other_one_and_can_be_removed(tmp_path: Path, content: bytes) -> None:
    store = PackageStore(tmp_path)
    good = install(store, archive("de", "en"), accept).package
    folder = store.installed_dir / "broken"
    folder.mkdir(parents=True)
    (folder / "metadata.json").write_bytes(content)
    assert [package.name for package in store.packages()] == [good.name]
    assert "broken is no readable package" in store.broken()["broken"]
    remove(store, "broken")
    assert store.broken() == {}


def test_a_damaged_package_is_mended_by_installing_it_again(tmp_path: Path) -> None:
    store = PackageStore(tmp_path)
    path = archive("de", "en")
    package = install(store, path, accept).package
    (package.path / "model" / "model.bin").write_bytes(b"cut off")
    assert damaged_files(package) == ["model/model.bin"]
    again = install(store, path, accept)
    assert again.new
    assert damaged_files(again.package) == []


@pytest.mark.parametrize("masks", ['{"shapes":{"white-square":{}}}', "[1", "[]", '{"shapes": 3}'])
def test_lost_figures_of_masks_are_as_if_never_measured(tmp_path: Path, masks: str) -> None:
    package = install(PackageStore(tmp_path), archive("de", "en"), accept).package
    (package.path / "masks.json").write_text(masks, encoding="utf-8")
    assert mask_rates(package) == {}


def test_the_folder_is_what_argostranslate_itself_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PackageStore(tmp_path / "packages")
    path = archive("de", "en")
    ours = install(store, path, accept).package.path
    theirs = tmp_path / "theirs"
    package = argos_package(store.argos_home)
    monkeypatch.setattr("argostranslate.settings.package_data_dir", theirs)
    package.install_from_path(path)
    assert digests(next(theirs.iterdir())) == digests(ours)
    assert [found.from_code for found in package.get_installed_packages([theirs])] == ["de"]
