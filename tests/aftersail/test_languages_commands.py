"""`aftersail languages`, as an operator uses it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aftersail.languages_commands import languages
from core.errors import AftersailError, NotFound, SetupError
from languages.translation.archive_check import PackageRefused
from languages.translation.package_index import IndexUnreachable
from tests.languages.translation.conftest import PACKAGES, archive


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AFTERSAIL_DATA_DIR", str(tmp_path / "var"))
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(languages, [str(argument) for argument in arguments])


def refused(result: Result) -> AftersailError:
    assert isinstance(result.exception, AftersailError), result.output
    return result.exception


def test_a_package_from_install_to_removal(data: Path) -> None:
    done = run("install", "--file", archive("de", "en"))
    assert done.exit_code == 0, done.output
    assert "de→en" in done.output
    assert "masks that come through:" in done.output
    assert "was installed already" in run("install", "--file", archive("de", "en")).output
    listed = run("list")
    name = next(iter((data / "var" / "packages" / "installed").iterdir())).name
    assert name in listed.output
    assert "1 package(s)" in listed.output
    verified = run("verify")
    assert verified.exit_code == 0, verified.output
    assert "1 package(s) work" in verified.output
    assert f"{name} is removed" in run("remove", name).output
    assert "0 package(s)" in run("list").output


def test_a_folder_of_packages(data: Path) -> None:
    done = run("install", "--file", PACKAGES)
    assert done.exit_code == 0, done.output
    assert f"{len(list(PACKAGES.glob('*.argosmodel')))} package(s)" in run("list").output


def test_a_damaged_package_fails_verification(data: Path) -> None:
    run("install", "--file", archive("de", "en"))
    model = next((data / "var" / "packages" / "installed").glob("*/model/model.bin"))
    model.write_bytes(model.read_bytes()[:100])
    result = run("verify")
    assert "1 of 1 package(s) do not work" in str(refused(result))
    assert "cannot be loaded" in result.output


def test_what_cannot_be_done_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "empty").mkdir()
    (data / "file.argosmodel").write_text("no zip")
    assert isinstance(refused(run("install", "--file", data / "file.argosmodel")), PackageRefused)
    assert isinstance(refused(run("install", "--file", data / "none")), PackageRefused)
    assert "holds no *.argosmodel" in str(refused(run("install", "--file", data / "empty")))
    assert isinstance(refused(run("install")), SetupError)
    assert isinstance(refused(run("install", "de")), SetupError)
    assert isinstance(refused(run("remove", "none")), NotFound)
    assert isinstance(refused(run("verify")), SetupError)
    monkeypatch.setattr("argostranslate.settings.remote_package_index", "http://127.0.0.1:1/index.json")
    assert isinstance(refused(run("install", "de", "en")), IndexUnreachable)
