"""What the environment may say, and what an operator reads when it is wrong."""

import pytest

from core.errors import SetupError
from core.settings import load_settings


def test_a_wrong_setting_is_named_with_what_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERSAIL_PORT", "70000")
    with pytest.raises(SetupError, match=r"AFTERSAIL_PORT: .*\(got '70000'\)"):
        load_settings()


def test_a_short_token_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERSAIL_API_TOKEN", "geheim")
    with pytest.raises(SetupError, match=r"AFTERSAIL_API_TOKEN: .*24") as refused:
        load_settings()
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("address", ["foo", "https://", "ftp://chat.example", "https://chat.example?a=1"])
def test_an_address_that_is_none_is_refused_at_once(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("AFTERSAIL_PUBLIC_URL", address)
    with pytest.raises(SetupError, match=r"AFTERSAIL_PUBLIC_URL: .*https://chat\.example\.com"):
        load_settings()


def test_a_folder_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERSAIL_FONT_DIR", "/nowhere/fonts")
    with pytest.raises(SetupError, match=r"AFTERSAIL_FONT_DIR: .*no such folder"):
        load_settings()
