import re
from pathlib import Path

import pytest

from core.errors import ContentError
from markets.load import load_markets


def broken(folder: Path, old: str, new: str) -> list[str]:
    """Faults as "line: message" after one change to DE.yml."""
    path = folder / "DE.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_markets(folder)
    assert all(fault.path == path for fault in caught.value.faults)
    return [f"{fault.line}: {fault.message}" for fault in caught.value.faults]


def line_of(folder: Path, beginning: str) -> int:
    lines = (folder / "DE.yml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(beginning))


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("safety: 2", "safety: 3", "promise_hours", "less than or equal to 2"),
        ("parts: 72", "parts: 12", "promise_hours", "is below ordinary"),
        ("parts: 72}", "parts: 72, solution: {ordinary: 12}}", "promise_hours", "nothing is settled before"),
        ("parts: 72}", "parts: 72, headroom: 0.5}", "promise_hours", "greater than or equal to 1"),
        ("parts: 72}", "parts: 72, least_minutes: 600}", "promise_hours", "less than or equal to 60"),
        ("return_days: 30", "return_days: 10", "return_days", "below the legal floor of 14; give at least 14"),
        ("return_days: 30", "return_days: '30'", "return_days", "valid integer"),
        ("return_days: 30", "return_days: 1", "return_days", "greater than or equal to 2"),
        ("return_days: 30", "returndays: 30", "returndays", "did you mean return_days"),
        ('shipping_fee: "4.90"', "shipping_fee: 4.90", "shipping_fee", "in quotes"),
        ('shipping_fee: "4.90"', 'shipping_fee: "4,90"', "shipping_fee", "with a point"),
        ('shipping_fee: "4.90"', 'shipping_fee: "-1"', "shipping_fee", "zero or more"),
        ("time_zone: Europe/Berlin", "time_zone: Europe/Berlinn", "time_zone", "Europe/Berlin"),
        ("currency: EUR", "currency: EURO", "currency", "ISO 4217"),
        ("locales: {de: de-DE", "locales: {de: de-XXXXXX", "locales", "no known locale"),
        ("locales: {de: de-DE, en: en-GB}", "locales: {de: de-DE}", "locales", "no entry for en"),
        ("languages: [de, en]", "languages: [de, de, en]", "languages", "twice"),
        ('  mon-fri: ["08:00-18:00"]', "  mon-fry: ['08:00-18:00']", "  mon-fry", "no weekday"),
        ('["08:00-18:00"]', '["08.00-18.00"]', "  mon-fri", "no slot|not a slot"),
        ('["08:00-18:00"]', '["08:00-24:30"]', "  mon-fri", "after 24:00"),
        ('["08:00-18:00"]', '["08:00-08:00"]', "  mon-fri", "is empty"),
        ('["08:00-18:00"]', '["08:00-13:00", "12:30-18:00"]', "opening_hours", "overlap on mon"),
        ('  sat: ["10:00-14:00"]', '  fri: ["10:00-14:00"]', "opening_hours", "fri stands in more than one"),
        ("  subdivision: BE", "  subdivision: XX", "holidays", "does not know DE/XX"),
        ('extra: ["12-24"', 'extra: ["02-30"', "  extra", "not in the calendar"),
        ('extra: ["12-24"', 'extra: ["24.12."', "  extra", "is not a day"),
        ("delivery_days_max: 4", "delivery_days_max: 2", "delivery_days_max", "not above delivery_days_min"),
        ("  cash_on_delivery: false", "  cash_on_delivery: true", "  cash_on_delivery", "payment_methods"),
        ("  instalments: false", "  instalments: no thanks", "  instalments", "boolean"),
        ('support_phone: "+493', 'support_phone: "+333', "support_phone", "does not begin with \\+49|length"),
        ("support_email: ", "support_email: at ", "support_email", "pattern"),
        ("postcode: '\\d{5}'", "postcode: '(\\d{5}'", "postcode", "no regular expression"),
        ("    tracking_url: \"https", "    tracking_url: \"http", "    tracking_url", "https://"),
        ("code: DE", "code: AT", "code", "does not fit the file name"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(german: Path, old: str, new: str, where: str, what: str) -> None:
    faults = broken(german, old, new)
    line = line_of(german, where)
    assert any(fault.startswith(f"{line}: field") and re.search(what, fault) for fault in faults), faults


def test_a_missing_field_is_named(german: Path) -> None:
    assert broken(german, "refund_days: 7\n", "") == ["1: field refund_days: is missing; add it"]


def test_a_market_that_is_never_open_is_refused(german: Path) -> None:
    faults = broken(german, '  mon-fri: ["08:00-18:00"]\n  sat: ["10:00-14:00"]', "  mon: []")
    assert "never open" in faults[0]


@pytest.mark.parametrize(
    ("exception", "what"),
    [
        ('{from: 2027-03-08, to: 2027-02-08, slots: ["10:00-16:00"]}', "swap the two dates"),
        ('{from: 2027-02-08, to: 2029-02-08, slots: ["10:00-16:00"]}', "longer than a year"),
        ("{from: 2027-02-08, to: 2027-03-08, slots: []}", "at least 1 item"),
        ('{from: 2027-02-08, to: 2027-03-08, slots: ["10:00-16:00", "15:00-18:00"]}', "overlap"),
        ('{from: soon, to: 2027-03-08, slots: ["10:00-16:00"]}', "date"),
    ],
)
def test_wrong_exceptions(german: Path, exception: str, what: str) -> None:
    faults = broken(german, "holidays:\n", f"exceptions:\n  - {exception}\nholidays:\n")
    assert what in faults[0]
    assert faults[0].startswith(f"{line_of(german, '  - {from')}:") or "slots" in faults[0]


def test_faults_of_every_file_come_together(german: Path) -> None:
    text = (german / "DE.yml").read_text(encoding="utf-8")
    (german / "AT.yml").write_text(text.replace("return_days: 30", "return_days: 3"), encoding="utf-8")
    (german / "XX.yml").write_text("code: [", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_markets(german)
    assert {fault.path.name for fault in caught.value.faults} == {"AT.yml", "XX.yml"}


@pytest.mark.parametrize("content", ["", "- a list", "just text", "code: {}"])
def test_other_yaml_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "DE.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ContentError):
        load_markets(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no market files"):
        load_markets(tmp_path)


def test_markets_cannot_be_changed(german: Path) -> None:
    markets = load_markets(german)
    with pytest.raises(TypeError):
        markets["FR"] = markets["DE"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        markets["DE"].return_days = 5  # type: ignore[misc]
