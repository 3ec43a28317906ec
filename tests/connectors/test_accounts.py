"""The accounts file: every fault with its line, and no secret in any message."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from connectors.accounts import MAX_SECRET, load_accounts
from core.errors import ContentError, SetupError

SECRET = "s3cret-of-the-test"
MARKETS = frozenset({"DE", "JP"})


class Fake(BaseModel):
    """An account of a channel."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(min_length=1)
    market: str
    vendor_id: str
    token: SecretStr = Field(min_length=8)
    rate: int = Field(5, ge=1)


def load(folder: Path, text: str) -> Mapping[str, Mapping[str, Any]]:
    """What the file says."""
    path = folder / "channels.yml"
    path.write_text(text, encoding="utf-8")
    return load_accounts(path, {"one": Fake, "two": Fake}, MARKETS)


def faults(folder: Path, text: str) -> list[tuple[int, str]]:
    """(line, message) of each fault."""
    with pytest.raises(ContentError) as caught:
        load(folder, text)
    assert SECRET not in f"{caught.value} {caught.value!r}"
    return [(fault.line, fault.message) for fault in caught.value.faults]


def account(**changes: str) -> str:
    """An entry of the list."""
    fields = {"name": "a", "market": "DE", "vendor_id": "'1'", "token": "simulated-token", **changes}
    return "  - " + "\n    ".join(f"{key}: {value}" for key, value in fields.items() if value != "-") + "\n"


def test_accounts_by_channel_and_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_TOKEN", SECRET)
    (tmp_path / "secret.txt").write_text(f"  {SECRET}-in-a-file\n", encoding="utf-8")
    from_env = account(token="{env: TEST_TOKEN}")
    from_file = account(name="b", vendor_id="'2'", market="JP", token="{file: secret.txt}")
    loaded = load(tmp_path, f"one:\n{from_env}{from_file}two:\n{account(name='c')}")
    assert {channel: list(accounts) for channel, accounts in loaded.items()} == {"one": ["a", "b"], "two": ["c"]}
    assert loaded["one"]["a"].token.get_secret_value() == SECRET
    assert loaded["one"]["b"].token.get_secret_value() == f"{SECRET}-in-a-file"
    assert SECRET not in repr(loaded)


def test_a_channel_without_accounts(tmp_path: Path) -> None:
    assert load(tmp_path, "one: []\n") == {"one": {}}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "must be a mapping of channels"),
        ("- one\n", 1, "must be a mapping of channels"),
        ("one: [\n", 2, "not valid YAML"),
        ("one: []\none: []\n", 2, "stands here twice"),
        ("three:\n" + account(), 2, "there is no channel 'three'; channels are: one, two"),
        ("three: 5\n", 0, "there is no channel 'three'"),
        ("one: 5\n", 0, "one: must be a list"),
        ("one:\n  name: a\n", 2, "one: must be a list"),
        ("one:\n  - just words\n", 0, "one: an account must be a mapping"),
        ("one:\n" + account(market="XX"), 2, "market: there is no market 'XX'; markets are: DE, JP"),
        ("one:\n" + account(market="de"), 2, "market: there is no market 'de'"),
        ("one:\n" + account(name="-"), 2, "name: Field required"),
        ("one:\n" + account(rate="0"), 2, "rate: Input should be greater than or equal to 1"),
        ("one:\n" + account(colour="red"), 2, "colour: Extra inputs are not permitted"),
        ("one:\n" + account(token="{file: short.txt}"), 2, "token: Value should have at least 8 items"),
        ("one:\n" + account(token="-"), 2, "token: Field required"),
        ("one:\n" + account(token=SECRET), 2, "token: no secret stands in this file; write {env: NAME}"),
        ("one:\n" + account(token="12345678901"), 2, "token: no secret stands in this file; write {env: NAME}"),
        ("one:\n" + account() + account(vendor_id="'2'"), 6, "name: 'a' is used twice"),
        ("one:\n" + account() + "two:\n" + account(), 7, "name: 'a' is used twice"),
        ("one:\n" + account() + account(name="b"), 6, "b: another account of one has the same id at the vendor's"),
        ("one:\n" + account(token="{env: NOT_SET}"), 2, "token: the environment variable NOT_SET is not set"),
        ("one:\n" + account(token="{env: EMPTY}"), 2, "token: the environment variable EMPTY is not set"),
        ("one:\n" + account(token=f"{{env: {SECRET}}}"), 2, "token: the environment variable"),
        ("one:\n" + account(token="{file: none.txt}"), 2, "token: the file cannot be read: No such file"),
        ("one:\n" + account(token=f"{{file: {SECRET}}}"), 2, "token: the file cannot be read"),
        ("one:\n" + account(token="{file: .}"), 2, "token: the file cannot be read: Is a directory"),
        ("one:\n" + account(token="{file: empty.txt}"), 2, "token: the file is empty"),
        ("one:\n" + account(token="{file: binary.txt}"), 2, "token: the file is not UTF-8 text"),
        ("one:\n" + account(token="{envv: X}"), 2, "token: write {env: NAME} or {file: PATH}"),
        ("one:\n" + account(token="{env: X, file: y}"), 2, "token: write {env: NAME} or {file: PATH}"),
        ("one:\n" + account(token=f"{{value: {SECRET}}}"), 2, "token: write {env: NAME} or {file: PATH}"),
    ],
)
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int, says: str
) -> None:
    monkeypatch.setenv("EMPTY", "")
    (tmp_path / "short.txt").write_text("short")
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    ((found_line, message),) = faults(tmp_path, text)
    assert (found_line, says in message) == (line, True), message


def test_every_fault_is_shown_at_once(tmp_path: Path) -> None:
    text = "one:\n" + account(market="XX") + account(name="b", rate="0", token="{env: NOT_SET}") + "three: []\n"
    assert [line for line, _ in faults(tmp_path, text)] == [2, 6, 6, 0]


def test_a_file_that_is_missing_or_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="missing"):
        load_accounts(tmp_path / "none.yml", {}, MARKETS)
    with pytest.raises(SetupError, match="AFTERSAIL_CHANNELS"):
        load_accounts(tmp_path, {}, MARKETS)


def test_a_secret_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("x" * 10 * MAX_SECRET)
    loaded = load(tmp_path, "one:\n" + account(token="{file: long.txt}"))
    assert len(loaded["one"]["a"].token.get_secret_value()) == MAX_SECRET
