"""The catalogue of languages: tags, and mistakes in its file."""

from pathlib import Path
from shutil import copytree

import pytest

from core.errors import ContentError, SetupError
from languages.catalogue import DATA, load_catalogue
from languages.detector import open_detector


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"), ("en-IN", "en"), ("EN_us", "en"), ("pt-BR", "pt"), ("pt-PT", "pt"), ("es-419", "es"), (
            "de-CH", "de"),
        ("zh", "zh"), ("zh-CN", "zh"), ("zh_SG", "zh"), ("zh-Hans-TW", "zh"), ("zh-TW", "zh-Hant"), ("zh-hant-HK",
        "zh-Hant"),
        ("zh-HK", "zh-Hant"), ("yue", "zh-Hant"), ("in", "id"), ("ja-JP", "ja"), ("ms", None), ("nl", None), ("",
        None),
        (None, None), ("x" * 500, None), ("-", None), ("en;q=0.8", None),
    ],
)  # fmt: skip
def test_content_code(tag: str | None, code: str | None) -> None:
    assert load_catalogue().content_code(tag) == code


@pytest.mark.parametrize(("code", "nearest"), [("ms", "id"), ("nl", None), ("ru", None), ("de", "de")])
def test_nearest(code: str, nearest: str | None) -> None:
    assert load_catalogue().nearest(code) == nearest


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{script: THAI, tags: [th]}", "{script: THAI}", "th needs script and tags"),
        ("nearest: id", "nearest: xx", "xx: not under content"),
        ("  browser: 0.5", "  browser: much", "prior lacks a number for browser"),
        ("{detector: NL}", "{}", "nl needs detector"),
        ("GREEK: {language: el}", "GREEK: {}", "a script needs language"),
    ],
)
def test_mistakes_are_named_with_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = copytree(DATA, tmp_path / "data")
    text = (folder / "languages.yml").read_text(encoding="utf-8")
    assert old in text
    (folder / "languages.yml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=rf"languages\.yml:\d+: .*{message}"):
        load_catalogue(folder)


def test_an_unknown_detector_code_is_named(tmp_path: Path) -> None:
    folder = copytree(DATA, tmp_path / "data")
    text = (folder / "languages.yml").read_text(encoding="utf-8")
    (folder / "languages.yml").write_text(text.replace("detector: NL", "detector: QQ"), encoding="utf-8")
    with pytest.raises(SetupError, match="QQ"):
        open_detector(load_catalogue(folder))
