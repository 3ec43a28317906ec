import gzip
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from connectors.webchat.assets import WIDGET

MAX_ZIPPED = 40_000


def test_the_widget_is_one_small_cached_file(client: TestClient) -> None:
    answer = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < MAX_ZIPPED
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age" in answer.headers["cache-control"]
    again = client.get("/widget.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_browsers_without_gzip_get_it_plain(client: TestClient) -> None:
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert b"use strict" in plain.content
    assert len(gzip.compress(plain.content)) < MAX_ZIPPED


@pytest.mark.parametrize("path", sorted(WIDGET.glob("*.js")), ids=lambda path: path.name)
def test_the_widget_never_parses_html(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "DOMParser",
    ):
        assert word not in text


# Node is no part of the product; where it is missing, the browser tests still run every line of the widget.
@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_widget_can_be_parsed(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "widget.js"
    path.write_bytes(client.get("/widget.js").content)
    subprocess.run([str(shutil.which("node")), "--check", str(path)], check=True, timeout=30)
