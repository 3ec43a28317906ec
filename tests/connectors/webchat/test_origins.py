import pytest

from connectors.webchat.origins import Origins
from core.addresses import client_address, read_proxies
from core.errors import SetupError


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "chat.example", True),
        ("https://chat.example", "chat.example", True),
        ("https://CHAT.example", "chat.example:443", True),
        ("http://chat.example:80", "chat.example", True),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("https://seller.example", "chat.example", True),
        ("https://Seller.example", "chat.example", True),
        ("http://seller.example", "chat.example", False),
        ("https://seller.example.evil.example", "chat.example", False),
        ("https://chat.example:444", "chat.example", False),
        ("null", "chat.example", False),
        ("file://chat.example", "chat.example", False),
        ("", "", False),
    ],
)
def test_may_use(origin: str | None, host: str, allowed: bool) -> None:
    assert Origins.from_setting("https://seller.example, ").may_use(origin, host) is allowed


@pytest.mark.parametrize(
    "setting", ["*", "seller.example", "https://seller.example/", "ftp://x.example", "https://a@b.example"]
)
def test_wrong_setting(setting: str) -> None:
    with pytest.raises(SetupError, match="AFTERSAIL_ALLOWED_ORIGINS"):
        Origins.from_setting(setting)


PROXIES = read_proxies("127.0.0.1, 10.0.0.0/8, ::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "1.2.3.4, 10.1.1.1", "1.2.3.4"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "1.2.3.4, rubbish", "127.0.0.1"),
        ("testclient", "1.2.3.4", "testclient"),
        ("127.0.0.1", ", ,", "127.0.0.1"),
    ],
)
def test_client_address(peer: str, forwarded: str, address: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == address


def test_wrong_proxies() -> None:
    with pytest.raises(SetupError, match="AFTERSAIL_TRUSTED_PROXIES"):
        read_proxies("proxy.internal")
