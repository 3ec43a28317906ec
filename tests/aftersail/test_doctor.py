"""`aftersail doctor` and the commands that start something: what is wrong is named, with its remedy."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import PROJECT
from tests.support.installation import Installation, cannot_run, install
from tests.support.live import free_port

pytestmark = pytest.mark.model

SMALL_DISK = "90m"  # holds one release and half of the next one


@pytest.fixture
def broken(tmp_path: Path) -> Installation:
    """An installation that a test may break."""
    return install(tmp_path / "var")


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def wrong(installation: Installation, command: str = "doctor", **settings: str) -> str:
    """What a command says that fails, in one line."""
    done = installation.run(command, **{"PORT": str(free_port()), **settings})
    assert done.code >= 1, done.err
    assert "Traceback" not in done.err + done.out
    return " ".join((done.out + done.err).split())


def test_all_is_well(installation: Installation) -> None:
    done = installation.run("doctor", PORT=str(free_port()))
    assert done.code == 0, done.err
    assert "All is well." in done.err
    assert "wrong" not in done.err


@pytest.mark.parametrize("command", ["doctor", "up"])
def test_port_in_use(installation: Installation, command: str, busy_port: int) -> None:
    said = wrong(installation, command, PORT=str(busy_port))
    assert f"127.0.0.1:{busy_port}" in said
    assert "AFTERSAIL_PORT" in said


@pytest.mark.parametrize("command", ["doctor", "up", "publish", "handoffs"])
def test_a_data_folder_that_cannot_be_written(installation: Installation, command: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = wrong(installation, command, DATA_DIR=str(tmp_path / "file" / "var"))
    assert str(tmp_path / "file") in said
    assert "AFTERSAIL_DATA_DIR" in said or "writable" in said


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("rasa.tar.gz", "train"), ("multilingual-e5-small", "build")],
)
def test_a_missing_model(broken: Installation, name: str, remedy: str) -> None:
    broken.remove_model(name)
    said = wrong(broken)
    assert name in said
    assert remedy in said


def test_nothing_published(broken: Installation) -> None:
    broken.remove_database()
    for command in ("doctor", "up"):
        assert "aftersail publish" in wrong(broken, command)


def test_a_release_without_its_folder(broken: Installation) -> None:
    (release,) = broken.settings.releases_dir.iterdir()
    shutil.rmtree(release)
    said = wrong(broken)
    assert release.name in said
    assert "publish" in said


def test_a_release_that_was_changed(broken: Installation) -> None:
    (release,) = broken.settings.releases_dir.iterdir()
    (release / "content.json").write_text("{}")
    said = wrong(broken)
    assert "content.json" in said
    assert "publish" in said


@pytest.mark.parametrize("command", ["doctor", "up", "publish", "handoffs"])
def test_a_database_that_is_none(broken: Installation, command: str) -> None:
    broken.remove_database().write_bytes(bytes(range(256)) * 200)
    said = wrong(broken, command)
    assert "aftersail.db" in said
    assert "backup" in said


def test_a_wrong_setting(installation: Installation) -> None:
    said = wrong(installation, PORT="eighty")
    assert "AFTERSAIL_PORT" in said
    assert "eighty" in said


def test_orders_that_are_not_there(installation: Installation) -> None:
    said = wrong(installation, ORDERS="/nowhere/orders.csv")
    assert "AFTERSAIL_ORDERS" in said
    assert "/nowhere/orders.csv" in said


def test_content_with_a_mistake(installation: Installation, tmp_path: Path) -> None:
    for name in ("knowledge/data", "markets/data", "glossaries/data", "bot/data", "orders/data"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    faq = tmp_path / "knowledge/data/faq/de.yml"
    faq.write_text(faq.read_text(encoding="utf-8") + "- id: Bad Id\n", encoding="utf-8")
    said = wrong(installation, CONTENT_DIR=str(tmp_path))
    assert f"{faq}:" in said


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False, timeout=10).returncode:
        # No other way to fill a disk of a test's own; CI runs as root.
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=True, timeout=10)


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    installation = install(small_disk / "var")
    said = wrong(installation)
    assert "are free in" in said
    assert "free at least 1 GB" in said
    for name in ("knowledge/data", "markets/data", "glossaries/data", "bot/data"):
        shutil.copytree(PROJECT / name, tmp_path / "content" / name)
    faq = tmp_path / "content/knowledge/data/faq/de.yml"
    faq.write_text(faq.read_text(encoding="utf-8").replace("Der Versand kostet", "Nun kostet der Versand"))
    before = sorted(path.name for path in installation.settings.releases_dir.iterdir())
    (small_disk / "ballast").write_bytes(bytes(shutil.disk_usage(small_disk).free - 1_000_000))
    refused = wrong(installation, "publish", CONTENT_DIR=str(tmp_path / "content"))
    assert "nothing was published" in refused
    assert "Free some disk space" in refused
    assert sorted(path.name for path in installation.settings.releases_dir.iterdir()) == before


def test_ci_may_not_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="nothing may be skipped"):
        cannot_run("no model")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="no model"):
        cannot_run("no model")
