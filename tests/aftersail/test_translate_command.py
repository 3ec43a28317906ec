"""`aftersail translate`: what goes in on standard input, what comes out."""

import io
import json
from typing import Any

import pytest

from aftersail.stream import BadLine
from aftersail.translate_command import translated_lines
from languages.translation.translator import Translator
from tests.languages.translation.few_terms import TERMS
from tests.languages.translation.scripted_engine import ScriptedEngine


def run(given: str, *, jsonl: bool = False) -> list[dict[str, Any]]:
    engine = ScriptedEngine({"Wo ist mein Paket ⟦0⟧?": ["Where is my package ⟦0⟧?"], "Mein Paket": ["It"]})
    translator = Translator([engine], lambda: TERMS)
    return [
        json.loads(line) for line in translated_lines(translator, ("de", "en"), "GB", io.StringIO(given), jsonl=jsonl)
    ]


def test_lines_of_text() -> None:
    good, refused = run("Wo ist mein Paket ORK-4821936?\nMein Paket\n")
    assert good.pop("milliseconds") >= 0
    assert good == {
        "text": "Where is my parcel ORK-4821936?", "original": "Wo ist mein Paket ORK-4821936?", "ok": True,
        "engine": "scripted", "reason": "", "draft": "", "terms_kept": ["parcel"], "violations": [],
    }  # fmt: skip
    assert (refused["ok"], refused["text"], refused["draft"]) == (False, "Mein Paket", "It")
    assert refused["violations"][0]["kind"] == "required_term"
    assert refused["reason"]


def test_lines_of_json() -> None:
    assert [line["ok"] for line in run('{"text": "Mein Paket"}\n{"text": "12", "market": "DE"}\n', jsonl=True)] == [
        False,
        True,
    ]
    with pytest.raises(BadLine, match="standard input:2"):
        run('{"text": "12"}\nnonsense\n', jsonl=True)


def test_broken_characters_do_not_stop_it() -> None:
    assert run('{"text": "\\ud800 12"}', jsonl=True)[0]["text"] == "? 12"
