"""What may not be unpacked is refused before anything is written."""

import random
import stat
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from languages.translation.archive_check import ArchiveLimits, CheckedArchive, PackageRefused, check_archive
from tests.languages.translation.archives import files, write


def member(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def test_a_package_is_described(tmp_path: Path) -> None:
    path = write(tmp_path / "a.argosmodel", files(from_code="zt", to_code="pb", package_version="1.10"))
    assert check_archive(path) == CheckedArchive(path, "pkg", "zt", "pb", "1.10", check_archive(path).unpacked)


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "pkg/../../evil", "pkg\\..\\evil", "C:/evil", "pkg/a\nb", "pkg/.."]
)
def test_names_that_lead_outside(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.argosmodel", files() | {name: b"x"})
    with pytest.raises(PackageRefused, match="outside its folder"):
        check_archive(path)


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o666, stat.S_IFCHR | 0o666])
def test_links_and_devices(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path / "a.argosmodel", files(), member("pkg/link", mode))
    with pytest.raises(PackageRefused, match="a link, a device or encrypted"):
        check_archive(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (files() | {"other/file": b""}, "2 folders"),
        ({"pkg/metadata.json": b"{}"}, "lacks model/model.bin"),
        ({name: data for name, data in files().items() if "sentencepiece" not in name}, "its tokenizer"),
        ({name: data for name, data in files().items() if "metadata" not in name}, "metadata.json is missing"),
        (files() | {"pkg/metadata.json": b"["}, "metadata.json is missing or damaged"),
        (files() | {"pkg/metadata.json": b"[]"}, "no object"),
        (files() | {"pkg/metadata.json": b"[" * 100_000}, "metadata.json is missing or damaged"),
        (files() | {"pkg/metadata.json": random.Random(1).randbytes(1_000_001)}, "too long"),
        (files() | {"pkg/zeros": b"\0" * 20_000_000}, "would become 20 MB"),
        (files(type="sbd"), "type 'sbd'"),
        (files(from_code=None), "names no languages"),
        (files(to_code="../x"), "names no languages"),
        (files(package_version="1/../../x"), "names no languages or version"),
        (files() | {f"pkg/{number}": b"" for number in range(5001)}, "5004 files"),
        ({}, "0 folders"),
    ],
)
def test_content_that_cannot_be_a_package(tmp_path: Path, content: dict[str, bytes], reason: str) -> None:
    with pytest.raises(PackageRefused, match=reason) as caught:
        check_archive(write(tmp_path / "a.argosmodel", content))
    assert "get the .argosmodel file again" in str(caught.value)


def test_the_unpacked_size_is_bounded(tmp_path: Path) -> None:
    path = write(tmp_path / "a.argosmodel", files())
    with pytest.raises(PackageRefused, match="would become"):
        check_archive(path, ArchiveLimits(unpacked=100))


def test_a_name_twice(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = write(tmp_path / "a.argosmodel", files(), member("pkg/metadata.json", stat.S_IFREG))
    with pytest.raises(PackageRefused, match="one twice"):
        check_archive(path)


@pytest.mark.parametrize("cut", [0, 10, 200, -30])
def test_damaged_files(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path / "a.argosmodel", files())
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(PackageRefused):
        check_archive(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="no such file"):
        check_archive(tmp_path / "none")


def test_any_bytes_are_refused_or_described(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.argosmodel", files()).read_bytes()
    path = tmp_path / "b.argosmodel"
    outcomes: set[Any] = set()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            outcomes.add(type(check_archive(path)))
        except PackageRefused:
            outcomes.add(PackageRefused)
    assert outcomes == {CheckedArchive, PackageRefused}
