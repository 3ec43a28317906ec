import json

import pytest

from connectors.webchat.errors import Refused
from connectors.webchat.parse import (
    MAX_BODY,
    Hello,
    SessionRequest,
    TextMessage,
    best_language,
    clean_text,
    read_frame,
    read_model,
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  hello \n", "hello"),
        ("a\x00b\x07c\x9bd", "abcd"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("\x00 \n", ""),
        ("👩‍👩‍👧 ok", "👩‍👩‍👧 ok"),
        ("أين طلبي؟", "أين طلبي؟"),
        ("x" * 5000 + "\x00" * 50, "x" * 5000),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_text_above_the_limit_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        clean_text("語" * 5001)
    assert caught.value.code == "too_long"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 60_000,
        b"nonsense",
    ],
)
def test_broken_json(raw: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_frame(raw)
    assert caught.value.code == "bad_json"


def test_too_large() -> None:
    with pytest.raises(Refused) as caught:
        read_frame(" " * (MAX_BODY + 1))
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    "frame",
    [
        [],
        {},
        {"type": "nothing"},
        {"type": "message", "text": "x"},
        {"type": "message", "id": "short", "text": "x"},
        {"type": "message", "id": "with:colon-1", "text": "x"},
        {"type": "message", "id": "message-1", "text": 5},
        {"type": "button", "id": "message-1", "message": "m", "index": -1},
        {"type": "button", "id": "message-1", "message": "../m", "index": 0},
        {"type": "seen", "seq": -1},
        {"type": "seen", "seq": 2**40},
        {"type": "language", "code": "de'; drop"},
    ],
)
def test_invalid_frames(frame: object) -> None:
    with pytest.raises(Refused) as caught:
        read_frame(json.dumps(frame))
    assert caught.value.code == "invalid"


def test_a_refusal_repeats_nothing_that_was_sent() -> None:
    with pytest.raises(Refused) as caught:
        read_frame(json.dumps({"type": "message", "id": "my secret words", "text": ["my secret words"]}))
    assert "secret" not in str(caught.value.frame())


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_kept() -> None:
    frame = read_frame('{"type": "message", "id": "message-1", "text": "a\\ud83d b \\ud83d\\ude00"}')
    assert isinstance(frame, TextMessage)
    assert frame.text == "a\ufffd b 😀"


def test_extra_keys_are_ignored() -> None:
    assert read_model(Hello, '{"type": "hello", "token": "t", "extra": {"deep": 1}}').since == 0


def test_strange_hints_are_left_out() -> None:
    body = {
        "market": "DE",
        "page_locale": "<script>",
        "browser_languages": ["de-DE", 7, "'; --", *["en"] * 50],
        "time_zone": "../../etc/passwd",
        "language": {"a": 1},
    }
    hints = read_model(SessionRequest, json.dumps(body)).hints("", "")
    assert hints.to_json() == {"browser_languages": ["de-DE", *["en"] * 7]}


def test_good_hints_are_kept() -> None:
    body = {
        "market": "JP",
        "page_locale": "ja-JP",
        "browser_languages": ["ja"],
        "time_zone": "America/Argentina/Ushuaia",
    }
    hints = read_model(SessionRequest, json.dumps(body)).hints("ja", "c-1")
    assert (hints.page_locale, hints.time_zone, hints.customer_ref) == ("ja-JP", "America/Argentina/Ushuaia", "c-1")


@pytest.mark.parametrize(
    ("wanted", "offered", "best"),
    [
        (["de-AT"], ["en", "de"], "de"),
        (["zh-TW"], ["zh", "zh-Hant"], "zh-Hant"),
        (["zh-HK"], ["zh", "zh-Hant"], "zh-Hant"),
        (["zh-CN"], ["zh-Hant", "zh"], "zh"),
        (["zh-Hant-TW"], ["zh", "zh-Hant"], "zh-Hant"),
        (["zh"], ["en", "zh-Hant"], "zh-Hant"),
        (["pt-PT"], ["en", "pt"], "pt"),
        (["xx-YY", "not a tag", "fr"], ["en", "fr"], "fr"),
        (["ko"], ["ja", "en"], "ja"),
        ([], ["ar", "en"], "ar"),
        (["en_GB"], ["ja", "en"], "en"),
    ],
)
def test_best_language(wanted: list[str], offered: list[str], best: str) -> None:
    assert best_language(wanted, offered) == best
