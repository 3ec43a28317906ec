"""Signatures as the vendors document them, secrets that are masked, words that every language has, accounts."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from aftersail.helpdesk_accounts import load_helpdesks
from connectors.helpdesks.chatwoot.account import ChatwootAccount
from connectors.helpdesks.chatwoot.desk import Chatwoot
from connectors.helpdesks.masking import load_masker
from connectors.helpdesks.note import CasePacket, Line, packet_note
from connectors.helpdesks.signature import base64_hmac, hex_hmac
from connectors.helpdesks.words_file import FOLDER, load_agent_words
from connectors.helpdesks.zendesk.account import TEST_SECRET
from core.errors import ContentError
from core.settings import Settings

CHATWOOT = """
chatwoot:
  - name: outside
    markets: [DE]
    language: en
    api_url: https://chat.example.com
    account_id: 3
    inbox_id: 5
    user_id: 45
    access_token: {env: CHATWOOT_TOKEN}
    webhook_secret: {env: CHATWOOT_SECRET}
"""
ZENDESK = """
zendesk:
  - name: other
    markets: [DE]
    language: en
    subdomain: shop
    account_id: 1
    user_id: 2
    email: a@b.example
    api_token: {env: CHATWOOT_TOKEN}
    signing_secret: {env: ZENDESK_SECRET}
"""


def test_signatures_are_the_documented_ones() -> None:
    # self-computed from the documented formulas; Zendesk's own secret for tests
    zendesk = base64_hmac(TEST_SECRET, b'2021-09-15T04:09:47Z{"hello":"world"}')
    assert zendesk == "7K+wkfpE0YORZGYq5/q7SF8bSvm01RUqU64jSitsbm0="
    chatwoot = hex_hmac("test_secret", b'1700000000.{"event":"message_created"}')
    assert chatwoot == "92e8fa9e1675957c1d4710a5453237553ea2015b2cf6f25f92c012f3ec2cdce7"


def test_a_chatwoot_signature_is_known_by_its_account() -> None:
    account = ChatwootAccount(
        name="a", markets=("DE",), language="en", api_url="https://c.example", account_id=1, inbox_id=1, user_id=1,
        access_token=SecretStr("x" * 20), webhook_secret=SecretStr("test_secret"),
    )  # fmt: skip
    desk = Chatwoot({"a": account}, httpx.AsyncClient())
    signature = "sha256=92e8fa9e1675957c1d4710a5453237553ea2015b2cf6f25f92c012f3ec2cdce7"
    headers = {"x-chatwoot-timestamp": "1700000000", "x-chatwoot-signature": signature}
    body = b'{"event":"message_created"}'
    assert desk.signers(headers, body, 1700000010.0) == [account]
    assert desk.signers(headers, body, 1700000400.0) == []
    assert "test_secret" not in repr(account)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("card 4111 1111 1111 1111 ok", "card •••• 1111 ok"),
        ("4111-1111-1111-1111", "•••• 1111"),
        ("4111111111111112", "4111111111111112"),  # no card: its check digit is wrong
        ("Sendung 12345678901234", "Sendung 12345678901234"),
        ("ORK-4821936 order code", "ORK-4821936 order code"),
        ("my code is 482193", "my code is ••••"),
        ("482193 is your verification code", "•••• is your verification code"),
        ("验证码是 123456 谢谢", "验证码是 •••• 谢谢"),
        ("認証コード：482913", "認証コード：••••"),
        ("인증번호 482913", "인증번호 ••••"),
        ("رمز التحقق ١٢٣٤٥٦", "رمز التحقق ••••"),
        ("รหัส OTP 882211", "รหัส OTP ••••"),
        ("mã xác nhận 882211", "mã xác nhận ••••"),
        ("Mein Passwort ist Geheim99", "Mein Passwort ist ••••"),
        ("password: hunter22!", "password: ••••"),
        ("zip code 12345", "zip code 12345"),
        ("código postal 28001", "código postal 28001"),
        ("Tel +49 30 1234567", "Tel +49 30 1234567"),
    ],
)
def test_secrets_are_masked(text: str, masked: str) -> None:
    assert load_masker()(text) == masked


def test_every_language_has_every_word() -> None:
    files = [path.stem for path in FOLDER.glob("*.yml")]
    assert "en" in files
    assert {language: set(load_agent_words(language).words) for language in files} == {
        language: set(load_agent_words("en").words) for language in files
    }
    assert load_agent_words("th").language == "en"


def test_arabic_runs_from_right_to_left() -> None:
    line = Line("customer", 0.0, "أين طردي؟", "ar", "Where is my parcel?")
    packet = CasePacket("asked", "", "p", "ar", "SA", False, [("wants", "أين طردي؟")], [line], "https://x.example/c/1")
    note = packet_note(packet, load_agent_words("en"), lambda text: text)
    assert '<td lang="ar" dir="rtl">أين طردي؟</td><td dir="ltr">Where is my parcel?</td>' in note.html
    assert "\u2068أين طردي؟\u2069" in note.markdown


def _load(folder: Path, text: str) -> object:
    (folder / "helpdesks.yml").write_text(text)
    settings = Settings(_env_file=None, helpdesks=str(folder / "helpdesks.yml"))
    return load_helpdesks(settings, frozenset({"DE", "JP"}))


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that the files name."""
    for name in ("CHATWOOT_TOKEN", "CHATWOOT_SECRET", "ZENDESK_SECRET"):
        monkeypatch.setenv(name, "s3cret-of-the-test")


@pytest.mark.usefixtures("secrets")
def test_a_good_file(tmp_path: Path) -> None:
    loaded = _load(tmp_path, CHATWOOT + ZENDESK.replace("[DE]", "[JP]"))
    assert "s3cret" not in repr(loaded)
    assert "https://shop.zendesk.com" in repr(loaded)


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (CHATWOOT.replace("[DE]", "[DE, XX]"), 3, "there is no market 'XX'"),
        (CHATWOOT.replace("[DE]", "[]"), 3, "markets"),
        (CHATWOOT + ZENDESK, 14, "another helpdesk has the market 'DE'"),
        (CHATWOOT.replace("{env: CHATWOOT_TOKEN}", "plain-secret-here"), 3, "no secret stands in this file"),
        (CHATWOOT.replace("CHATWOOT_TOKEN", "NOT_SET_HERE"), 3, "NOT_SET_HERE is not set"),
        (CHATWOOT.replace("https://chat.example.com", "http://chat.example.com"), 3, "api_url"),
        (CHATWOOT.replace("chatwoot:", "freshdesk:"), 3, "there is no helpdesk 'freshdesk'"),
        (CHATWOOT.replace("user_id: 45", "user: 45"), 3, "user"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ContentError) as caught:
        _load(tmp_path, text)
    assert any(fault.line == line and words in fault.message for fault in caught.value.faults), caught.value
    assert "s3cret" not in str(caught.value)


def test_the_test_buttons_secret_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATWOOT_TOKEN", "s3cret-of-the-test")
    monkeypatch.setenv("ZENDESK_SECRET", TEST_SECRET)
    with pytest.raises(ContentError, match="test button"):
        _load(tmp_path, ZENDESK)
