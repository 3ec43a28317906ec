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
