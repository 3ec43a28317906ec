from pathlib import Path

import pytest

from connectors.delivery.errors import Refused
from connectors.media.limits import load_limits
from core.errors import ContentError

MB = 1_000_000


@pytest.mark.parametrize(
    ("mime", "megabytes"), [("image/png", 10), ("audio/ogg", 20), ("video/mp4", 100), ("application/pdf", 100)]
)
def test_each_kind_has_its_size(mime: str, megabytes: int) -> None:
    limits = load_limits()
    limits.check(mime, megabytes * MB)
    with pytest.raises(Refused) as caught:
        limits.check(mime, megabytes * MB + 1)
    assert caught.value.code == "media_size"


@pytest.mark.parametrize(
    ("mime", "name"),
    [
        ("text/html", ""), ("image/svg+xml", "a.png"), ("application/zip", ""), ("application/x-msdownload", "a.pdf"),
        ("text/plain", "run.JS"), ("text/plain", "a.txt.vbs "), ("", ""),
    ],
)  # fmt: skip
def test_what_is_not_listed_is_refused(mime: str, name: str) -> None:
    with pytest.raises(Refused) as caught:
        load_limits().check(mime, 1, name)
    assert caught.value.code == "media_kind"


def test_a_picture_may_be_called_anything() -> None:
    load_limits().check("image/png", 1, "picture.js")


def test_only_pictures_sound_and_film_are_shown_in_place() -> None:
    shown = {mime.partition("/")[0] for mime, kind in load_limits().kinds.items() if kind.shown}
    assert shown == {"image", "audio", "video"}


@pytest.mark.parametrize("text", ["kinds: {}", "kinds: {image/png: {most_mb: 0, shown: true, ending: png}}", "[]"])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "limits.yml"
    path.write_text(text)
    with pytest.raises(ContentError, match=r"limits\.yml"):
        load_limits(path)
