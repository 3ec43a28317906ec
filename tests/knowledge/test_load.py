"""Broken content files: each fault is named with file and line, and all are named at once."""

from pathlib import Path

import pytest

from core.errors import ContentError
from knowledge.content import load_content
from knowledge.load_faq import load_faq
from knowledge.load_replies import load_replies
from knowledge.reply_contract import load_contract
from tests.support.small_content import edit, write_content

GOOD_ENTRY = '- id: a\n  title: "T"\n  questions: ["q one"]\n  answer: "A"\n'

# file content, line of the fault, words of its message
BROKEN_FAQ = [
    ("a: 1\n", 1, "must be a list of entries"),
    ("- just text\n", 1, "not text"),
    ('- title: "T"\n  questions: ["q"]\n  answer: "A"\n', 1, "'id' is missing"),
    (GOOD_ENTRY + '- id: b\n  title: ""\n  questions: ["q"]\n  answer: "A"\n', 5, "'title' is empty"),
    (GOOD_ENTRY + '- id: b\n  title: 7\n  questions: ["q"]\n  answer: "A"\n', 5, "'title' is a int; put it in quotes"),
    (GOOD_ENTRY + '- id: b\n  title: "T"\n  answer: "A"\n', 5, "'questions' is missing"),
    (GOOD_ENTRY + '- id: b\n  title: "T"\n  questions: "q"\n  answer: "A"\n', 5, "is text, not a list"),
    (GOOD_ENTRY + '- id: b\n  title: "T"\n  questions: ["q", 3]\n  answer: "A"\n', 5, "item 2 of 'questions'"),
    (GOOD_ENTRY + '- id: b\n  title: "T"\n  questions: ["q"]\n  anwser: "A"\n', 5, "unknown key 'anwser'"),
    (GOOD_ENTRY + '  short: ""\n', 1, "'short' is empty"),
    (GOOD_ENTRY + "  short: 7\n", 1, "'short' is a int; put it in quotes"),
    (GOOD_ENTRY + GOOD_ENTRY, 5, "stands in line 1 already"),
    (GOOD_ENTRY.replace("id: a", "id: A_b"), 1, "an id is small letters"),
    (GOOD_ENTRY + '  variants:\n    - answer: "x"\n', 6, "'when' is missing"),
    (GOOD_ENTRY + '  variants:\n    - {when: x, answer: "1"}\n    - {when: x, answer: "2"}\n', 7, "a second variant"),
    (GOOD_ENTRY + "  markets: []\n", 1, "'markets' is empty"),
    (GOOD_ENTRY + "  markets: [Germany]\n", 1, "no market code"),
    (GOOD_ENTRY + '  title: "again"\n', 5, "stands here twice"),
    ('- id: "a\n', 2, "not valid YAML"),
    ("", 1, "must be a list of entries"),
    (GOOD_ENTRY.replace('"A"', '"' + "x" * 4001 + '"'), 1, "4000 is the most"),
]


@pytest.mark.parametrize(("text", "line", "message"), BROKEN_FAQ)
def test_broken_faq_file(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "en.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_faq(tmp_path)
    found = [(fault.path, fault.line) for fault in caught.value.faults if message in fault.message]
    assert found == [(path, line)], caught.value


BROKEN_REPLIES = [
    ("- a\n", 1, "replies must be"),
    ('utter_a: {text: ""}\n', 1, "'text' is empty"),
    ('utter_a: {text: "x"}\nutter_b: "x"\n', 1, "not text"),
    ('utter_a: {text: "x"}\nutter_b:\n  texts: "x"\n', 3, "unknown key 'texts'"),
    ('utter_a: {text: "x"}\nUtter: {text: "x"}\n', 2, "no reply name"),
    ('utter_a:\n  text: "x"\n  buttons:\n    - {title: "T"}\n', 4, "'payload' is missing"),
    ('utter_a:\n  text: "x"\n  buttons:\n    - "T"\n', 2, "a button"),
    ('utter_a:\n  text: "x"\n  buttons:\n    - {title: "T", payload: p, short: ""}\n', 4, "'short' is empty"),
    ('utter_a: {text: "x", short: ""}\n', 1, "'short' is empty"),
    ('utter_a: {text: "x"}\nutter_a: {text: "y"}\n', 2, "stands here twice"),
    ("utter_a: {text: no}\n", 1, "'text' is yes/no; put it in quotes"),
]


@pytest.mark.parametrize(("text", "line", "message"), BROKEN_REPLIES)
@pytest.mark.parametrize("market", [False, True])
def test_broken_replies_file(tmp_path: Path, text: str, line: int, message: str, market: bool) -> None:
    (tmp_path / "en.yml").write_text('utter_a: {text: "x"}\n', encoding="utf-8")
    path = tmp_path / "en.yml"
    if market:
        path, line = tmp_path / "markets" / "DE.yml", line + 1
        path.parent.mkdir()
        text = "en:\n" + "".join(f"  {row}\n" for row in text.splitlines())
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_replies(tmp_path)
    found = [fault for fault in caught.value.faults if message in fault.message]
    assert [fault.path for fault in found] == [path], caught.value
    assert abs(found[0].line - line) <= (1 if market else 0)


def test_a_broken_contract_is_named(tmp_path: Path) -> None:
    path = tmp_path / "placeholders.yml"
    path.write_text("reference: en\nvalues: {utter_a: order_number}\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_contract(path)
    messages = str(caught.value)
    assert "unknown key 'reference'" in messages
    assert "'reference_language' is missing" in messages
    assert f"{path}:2: values: 'utter_a' is text, not a list" in messages


def test_every_file_is_named_at_once(tmp_path: Path) -> None:
    root = write_content(tmp_path / "content")
    edit(root / "knowledge/data/faq/de.yml", '  title: "Kann ich bar zahlen?"\n', "")
    edit(root / "knowledge/data/replies/ar.yml", "  buttons:", "  button:")
    edit(root / "markets/data/DE.yml", "time_zone: Europe/Berlin", "time_zone: Europe/Bärlin")
    edit(root / "knowledge/data/replies/placeholders.yml", "reference_language: en", "reference_language: 3")
    with pytest.raises(ContentError) as caught:
        load_content(root)
    assert {fault.path.name for fault in caught.value.faults} == {"de.yml", "ar.yml", "DE.yml", "placeholders.yml"}
    assert all(fault.line > 0 for fault in caught.value.faults)


def test_missing_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="the folder is missing"):
        load_content(tmp_path)


@pytest.mark.parametrize("name", ["german.yml", "de.yaml", "DE.yml"])
def test_a_file_that_is_no_language_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "en.yml").write_text(GOOD_ENTRY, encoding="utf-8")
    (tmp_path / name).write_text(GOOD_ENTRY, encoding="utf-8")
    with pytest.raises(ContentError, match="no language code"):
        load_faq(tmp_path)


def test_entries_are_merged_over_languages(tmp_path: Path) -> None:
    root = write_content(tmp_path / "content")
    entries = {entry.id: entry for entry in load_faq(root / "knowledge/data/faq")}
    assert set(entries["delivery-time"].texts) == {"en", "de", "ar"}
    assert set(entries["cash"].texts) == {"en", "de"}
    assert entries["customs"].markets == frozenset({"SA"})
    assert entries["cash"].texts["de"].variants[0].when == "cash_on_delivery"


def test_languages_must_agree_on_markets(tmp_path: Path) -> None:
    (tmp_path / "de.yml").write_text(GOOD_ENTRY + "  markets: [DE]\n", encoding="utf-8")
    (tmp_path / "en.yml").write_text(GOOD_ENTRY + "  markets: [SA]\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"en\.yml:1: entry 'a': other markets than in de\.yml:1"):
        load_faq(tmp_path)
