"""The check of the whole content: each mistake is found, in its file and line, with what to do."""

from pathlib import Path

import pytest

from knowledge.content import load_content
from knowledge.lint import Report, lint
from knowledge.lint_text import check_text, script_of
from tests.support.small_content import edit, write_content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_content(tmp_path / "content")


def check(root: Path) -> Report:
    return lint(load_content(root))


def test_the_small_content_has_no_fault(root: Path) -> None:
    report = check(root)
    assert report.faults == []
    whole_files = [fault for fault in report.warnings if "UTF-16 units" not in fault.message]
    assert [(fault.path.name, fault.line) for fault in whole_files] == [("ar.yml", 0), ("de.yml", 0)]


# file, what is replaced, by what, line of the fault, words of its message
FAULTS = [
    # placeholders
    ("faq/de.yml", "{delivery_days_min}", "2", 1, "the answer has other placeholders than in en.yml; use exactly"),
    ("faq/de.yml", "{payment_methods}", "{payment_methods} {brand}", 5, "the answer has other placeholders"),
    ("faq/de.yml", "den Boten bar.", "{carriers} bar.", 5, "the variant 'cash_on_delivery' has other placeholders"),
    ("faq/en.yml", "Customs take", "{customs_office} takes", 12, "market SA has no customs_office"),
    ("replies/de.yml", "{order_number}", "Nummer", 6, "reply 'utter_order_shipped': other placeholders"),
    (
        "replies/en.yml",
        "Hello from {brand}",
        "Hello from {brand} {nobody}",
        2,
        "neither code nor market DE, SA gives {nobody}",
    ),
    ("replies/placeholders.yml", "order_number, shipped_at, ", "shipped_at, ", 6, "gives {order_number}"),
    ("replies/placeholders.yml", "utter_order_shipped:", "utter_order_gone:", 1, "no reply 'utter_order_gone'"),
    ("replies/placeholders.yml", "reference_language: en", "reference_language: fr", 1, "there is no fr.yml"),
    # names, buttons, variants, markets
    ("replies/de.yml", "label_payment_card:", "label_payment_cards:", 8, "does not stand in the reference language"),
    ("replies/de.yml", "label_payment_card:", "label_payment_cards:", 0, "replies are missing: label_payment_card"),
    ("replies/ar.yml", "payload: order_status", "payload: order_state", 2, "other button payloads"),
    ("faq/de.yml", "when: cash_on_delivery", "when: cash", 5, "cash is no market flag"),
    ("faq/de.yml", "when: cash_on_delivery", "when: instalments", 5, "the variant 'cash_on_delivery' is missing"),
    ("faq/en.yml", "markets: [SA]", "markets: [SA, XX]", 12, "no market XX"),
    ("faq/en.yml", "markets: [SA]", "markets: [DE, SA]", None, None),
    # questions
    ("faq/de.yml", '"Nachnahme?", ', "", 5, "3 questions; write at least 4"),
    ("faq/de.yml", '"Nachnahme?"', '"lieferzeit!"', 5, "the question 'lieferzeit!' stands in line 1 too"),
    ("faq/de.yml", '"Nachnahme?"', '"Nachnahme {brand}?"', 5, "a title or question has a {placeholder}"),
    ("faq/ar.yml", '"مدة التوصيل؟", "كم يوم يستغرق", "متى يصل الطلب"', '"wen", "talabi", "kam"', 1, "most questions"),
    # how a text is written
    ("faq/de.yml", "Hier nicht.", "Hier {nicht.", 5, "has a brace outside a placeholder"),
    ("faq/de.yml", "Hier nicht.", "Hier  nicht.", 5, "has two spaces in a row"),
    ("replies/de.yml", '"Karte"', '"Karte "', 8, "starts or ends with a space"),
    ("replies/de.yml", '"Karte"', '"Kar\\u200bte"', 8, "has invisible characters (U+200B)"),
    ("replies/de.yml", '"Karte"', '"Kar\\tte"', 8, "has invisible characters (U+0009)"),
    ("replies/de.yml", '"Karte"', '"Kаrte"', 8, "has letters that 'de' does not use (а)"),
    ("replies/ar.yml", '"بطاقة"', '"card"', 8, "is not written in the script of 'ar'"),
    ("faq/ar.yml", '"كم يستغرق التوصيل؟"', '"Delivery time"', 1, "the title is not written in the script"),
    # short forms
    ("faq/de.yml", '  answer: "Hier', '  short: "Kann ich hier bar zahlen"\n  answer: "Hier', 5, "has 24 UTF-16 units"),
    ("faq/de.yml", '  answer: "Hier', '  short: "Bar 🏠🏠🏠🏠🏠🏠🏠🏠🏠"\n  answer: "Hier', 5, "has 22 UTF-16 units"),
    ("faq/de.yml", '  answer: "Hier', '  short: "Bar 🏠🏠🏠🏠🏠🏠🏠🏠"\n  answer: "Hier', None, None),
    ("faq/de.yml", '  answer: "Hier', '  short: "Bar, {brand}"\n  answer: "Hier', 5, "has a {placeholder}"),
    (
        "faq/de.yml",
        '  answer: "Hier',
        '  short: "Kаrte"\n  answer: "Hier',
        5,
        "the short form 'Kаrte' has letters that",
    ),
    (
        "faq/de.yml",
        '  answer: "Hier',
        '  short: "Wie lange dauert die Lieferung?"\n  answer: "Hier',
        5,
        "on a button 'Wie lange dauert die Lieferung?' stands for 'delivery-time' too",
    ),
    (
        "replies/de.yml",
        "payload: order_status}",
        "payload: order_status, short: Wo ist meine Ware jetzt}",
        2,
        "'Wo ist meine Ware jetzt' has 23 UTF-16 units",
    ),
    ("replies/de.yml", '{text: "Karte"}', '{text: "Karte", short: "Karte oder sonst etwas"}', 8, "has 22 UTF-16 units"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "message"), FAULTS)
def test_fault(root: Path, name: str, old: str, new: str, line: int | None, message: str | None) -> None:
    edit(root / "knowledge/data" / name, old, new)
    faults = check(root).faults
    if message is None:
        assert faults == []
        return
    # A value missing from the contract shows where the text uses it.
    path = "en.yml" if message.startswith("gives") else Path(name).name
    assert (path, line) in {(fault.path.name, fault.line) for fault in faults if message in fault.message}, faults


OVERRIDES = [
    ("DE.yml", 'de:\n  utter_hello: {text: "Hallo"}\n', 2, "does not stand in the reference language"),
    ("DE.yml", 'de:\n  label_payment_card: {text: "EC-Karte {nobody}"}\n', 2, "neither code nor market DE gives"),
    ("DE.yml", 'de:\n  utter_greet: {text: "Guten Tag"}\n', 2, "other button payloads"),
    ("FR.yml", 'de:\n  label_payment_card: {text: "Karte"}\n', 0, "there is no market FR"),
]


@pytest.mark.parametrize(("name", "text", "line", "message"), OVERRIDES)
def test_fault_of_a_market(root: Path, name: str, text: str, line: int, message: str) -> None:
    path = root / "knowledge/data/replies/markets" / name
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert [(fault.path, fault.line) for fault in check(root).faults if message in fault.message] == [(path, line)]


def test_a_language_that_nobody_speaks(root: Path) -> None:
    replies = root / "knowledge/data/replies"
    (replies / "qq.yml").write_text((replies / "en.yml").read_text(encoding="utf-8"), encoding="utf-8")
    assert any(fault.path.name == "qq.yml" and "no locale data" in fault.message for fault in check(root).faults)


def test_a_market_whose_language_has_no_replies(root: Path) -> None:
    (root / "knowledge/data/replies/ar.yml").unlink()
    assert [fault.path.name for fault in check(root).faults] == ["SA.yml"]


@pytest.mark.parametrize(("market", "faults"), [("DE", 0), ("SA", 1)])
def test_entries_of_different_markets_may_share_a_question(root: Path, market: str, faults: int) -> None:
    path = root / "knowledge/data/faq/en.yml"
    text = path.read_text(encoding="utf-8")
    customs = (
        text[text.index("- id: customs") :].replace("customs\n", "customs-other\n", 1).replace("[SA]", f"[{market}]")
    )
    path.write_text(text + customs, encoding="utf-8")
    messages = [fault.message for fault in check(root).faults]
    assert len([m for m in messages if "'stuck in customs' stands in line 12 too" in m]) == faults, messages


def test_an_entry_that_a_market_cannot_read(root: Path) -> None:
    faq = root / "knowledge/data/faq/en.yml"
    faq.write_text(faq.read_text(encoding="utf-8").split("- id: cash")[0], encoding="utf-8")
    messages = [fault.message for fault in check(root).faults]
    assert any("entry 'cash': no text for market SA; write it in one of ar, en" in message for message in messages)


WARNINGS = [
    (
        "faq/de.yml",
        "Wie lange dauert die Lieferung?",
        "Wie lange dauert die Lieferung denn eigentlich zu mir?",
        1,
        "cut",
    ),
    (
        "faq/de.yml",
        "Hier nicht.",
        "Hier nicht. " + "Das tut uns sehr leid. " * 20 + "Schade.",
        5,
        "people read about 450",
    ),
    (
        "replies/de.yml",
        "Wo ist meine Bestellung?",
        "Wo ist meine liebe Bestellung?",
        2,
        "write `short:` (20 UTF-16 units)",
    ),
    ("faq/de.yml", '"Nachnahme?"', '"kann ich bar zahlen?"', 5, "stands here twice"),
    # The same title with 20 and 21 units.
    (
        "faq/de.yml",
        '"Kann ich bar zahlen?"',
        '"Kann ich bar zahlen??"',
        5,
        "does not fit on a button of 20 UTF-16 units",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "message"), WARNINGS)
def test_warning(root: Path, name: str, old: str, new: str, line: int, message: str) -> None:
    edit(root / "knowledge/data" / name, f"{old}", new)
    report = check(root)
    assert [fault.message for fault in report.faults] == []
    assert (Path(name).name, line) in {(w.path.name, w.line) for w in report.warnings if message in w.message}


SCRIPTS = [("en", "Latn"), ("vi", "Latn"), ("ar", "Arab"), ("ja", "Jpan"), ("ko", "Kore"), ("th", "Thai")]
SCRIPTS += [("zh", "Hans"), ("zh-Hant", "Hant"), ("pt", "Latn"), ("xx", "Latn")]


@pytest.mark.parametrize(("language", "script"), SCRIPTS)
def test_script_of(language: str, script: str) -> None:
    assert script_of(language) == script


GOOD_TEXTS = [
    ("th", "จัดส่งภายใน {days} วัน กับ DHL"),
    ("ja", "ヶ月々ー、ORK-4821936 を確認しました。"),
    ("ko", "주문 {order_number} 배송 중입니다."),
    ("zh", "订单 {order_number} 已发货。"),
    ("zh-Hant", "訂單 {order_number} 已出貨，可超商取貨。"),
    ("vi", "Đơn hàng {order_number} đã được gửi đi."),
    ("ar", "طلبك {order_number} في الطريق مع DHL."),
    ("de", "Straße, Größe: {n} €, 5 µm"),
    ("en", "{order_number}"),
]


@pytest.mark.parametrize(("language", "text"), GOOD_TEXTS)
def test_a_good_text_has_no_fault(language: str, text: str) -> None:
    assert list(check_text(text, language)) == []


BAD_SCRIPTS = [
    ("zh-Hant", "订单已发货"),
    ("zh", "訂單已出貨"),
    ("ja", "주문이 배송 중입니다"),
    ("ja", "注文は배송中です"),
    ("ko", "订单"),
    ("de", "注文"),
    ("th", "Your order"),
    ("en", "Yоur order"),
]


@pytest.mark.parametrize(("language", "text"), BAD_SCRIPTS)
def test_a_text_in_the_wrong_script(language: str, text: str) -> None:
    assert len(list(check_text(text, language))) == 1
