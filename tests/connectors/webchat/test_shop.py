import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from connectors.webchat.deps import Product
from tests.support.webchat import MARKETS, Installation, StandInDemo


@pytest.mark.parametrize(
    ("path", "language", "direction"),
    [
        ("/shop/DE", "de", "ltr"),
        ("/shop/de?lang=en", "en", "ltr"),
        ("/shop/SA", "ar", "rtl"),
        ("/shop/SA?lang=xx", "ar", "rtl"),
        ("/shop/JP", "ja", "ltr"),
        ("/shop/TW?lang=zh-TW", "zh-Hant", "ltr"),
        ("/shop/DE?lang=" + "x" * 500, "de", "ltr"),
    ],
)
def test_a_page_speaks_its_language(client: TestClient, path: str, language: str, direction: str) -> None:
    html = client.get(path).text
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert f'data-language="{language}"' in html
    assert "ORK-4821936" in html
    assert "PureSteam 2" in html


def test_every_market_is_in_the_picker(client: TestClient) -> None:
    html = client.get("/").text
    assert all(f'href="/shop/{code}"' in html for code in MARKETS)


@pytest.mark.parametrize(("accepts", "language"), [("ja,en;q=0.5", "ja"), ("ar-EG", "ar"), ("tlh", "de"), ("", "de")])
def test_the_picker_speaks_the_browsers_language(client: TestClient, accepts: str, language: str) -> None:
    assert f'<html lang="{language}"' in client.get("/", headers={"Accept-Language": accepts}).text


def test_unknown_market(client: TestClient) -> None:
    answer = client.get("/shop/XX")
    assert answer.status_code == 404
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/shop/DE"])
def test_pages_have_a_strict_policy_and_nothing_inline(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Host": "shop.test"})
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' ws://shop.test wss://shop.test" in policy
    assert not re.search(r"<style|style=|onclick|<script(?![^>]* src=)", answer.text)


def test_a_strange_host_cannot_write_the_policy(client: TestClient) -> None:
    policy = client.get("/shop/DE", headers={"Host": "x; script-src *"}).headers["content-security-policy"]
    assert "script-src *" not in policy


def test_every_asset_of_a_page_is_there(client: TestClient) -> None:
    html = client.get("/shop/DE").text
    paths = set(re.findall(r'(?:src|href)="(/shop/assets/[^"]+)"', html))
    assert len(paths) > 10
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_content_is_escaped(client: TestClient, chat: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Product("<script>alert(1)</script>", '"><img src=x>', "home", "1 €", "../../secret")
    monkeypatch.setattr(StandInDemo, "products", lambda *_: [bad])
    html = client.get("/shop/DE").text
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "secret" not in html


@pytest.mark.parametrize("path", ["/shop/assets/../routes.py", "/shop/assets/%2e%2e/routes.py", "/shop/assets/widget"])
def test_only_static_files_are_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_pictures_run_nothing() -> None:
    import connectors.webchat.shop as shop

    for path in Path(shop.STATIC, "pictures").glob("*.svg"):
        assert not re.search(r"<script|on\w+=|href", path.read_text(encoding="utf-8")), path.name
