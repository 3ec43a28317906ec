"""Numbers, times, dates and amounts are compared by value, however each language writes them."""

import pytest

from glossaries.item_readings import number_values
from glossaries.masked_items import compare_items
from glossaries.violations import Source

SAME = [
    # times
    ("Open until 6:00 pm.", "en", "Bis 18 Uhr geöffnet.", "de"),
    ("Open until 6:00 pm.", "en", "Bis 18.00 Uhr geöffnet.", "de"),
    ("Open until 6 pm.", "en", "Bis 18:00 Uhr geöffnet.", "de"),
    ("Open from 9:00 am to 6:00 pm.", "en", "Von 9 bis 18 Uhr geöffnet.", "de"),
    ("Open until 6:00 pm.", "en", "Bis 6 Uhr abends geöffnet.", "de"),
    ("Bis 18:00 Uhr.", "de", "Until 6pm.", "en"),
    ("Bis 18 Uhr.", "de", "Until 6 p.m.", "en"),
    ("Bis 12:00 Uhr.", "de", "Until 12 pm.", "en"),
    ("Ab 0:30 Uhr.", "de", "From 12:30 am.", "en"),
    ("Until 6:00 pm.", "en", "Jusqu'à 18 h.", "fr"),
    ("Until 6:30 pm.", "en", "Jusqu'à 18h30.", "fr"),
    ("Until 6:00 pm.", "en", "Hasta las 6 de la tarde.", "es"),
    ("Until 6:00 pm.", "en", "Fino alle ore 18.", "it"),
    ("Until 6:00 pm.", "en", "Até as 18h.", "pt"),
    ("Until 6:00 pm.", "en", "حتى الساعة 6 مساءً.", "ar"),
    ("Until 6:00 pm.", "en", "حتى الساعة ٦ مساءً.", "ar"),
    ("Until 6:00 pm.", "en", "18時まで承ります。", "ja"),
    ("Until 2:30 pm.", "en", "午後2時半まで承ります。", "ja"),
    ("Until 6:00 pm.", "en", "오후 6시까지입니다.", "ko"),
    ("Until 6:00 pm.", "en", "下午6点前。", "zh"),
    ("Until 6:00 pm.", "en", "下午６點前。", "zh-Hant"),
    ("From 2:00 pm to 6:00 pm.", "en", "ระหว่าง 14.00-18.00 น.", "th"),
    ("From 2:00 pm to 6:00 pm.", "en", "Pukul 14.00 sampai 18.00.", "id"),
    ("Until 6:00 pm.", "en", "Đến 6 giờ chiều.", "vi"),
    ("At 2:30 pm.", "en", "Lúc 14h30.", "vi"),
    ("09:00–13:00, 16:00–21:00.", "en", "9:00 ص–1:00 م و4:00 م–9:00 م.", "ar"),
    ("It takes 3 hours.", "en", "Comptez 3 h.", "fr"),
    # dates
    ("On 12/24/2026.", "en", "Am 24. Dezember 2026.", "de"),
    ("On 12/24/2026.", "en", "Am 24.12.2026.", "de"),
    ("On December 24, 2026.", "en", "Am 24.12.2026.", "de"),
    ("On 24 December.", "en", "Am 24.12. kommt es an.", "de"),
    ("On December 24th, 2026.", "en", "Le 24 décembre 2026.", "fr"),
    ("On 12/24/2026.", "en", "El 24 de diciembre de 2026.", "es"),
    ("On 12/1/2026.", "en", "Le 1er décembre 2026.", "fr"),
    ("On 24 December.", "en", "12月24日に届きます。", "ja"),
    ("On 24 December 2026.", "en", "令和8年12月24日に届きます。", "ja"),
    ("On 24 December 2026.", "en", "2026년 12월 24일에 도착합니다.", "ko"),
    ("On 24 December 2026.", "en", "วันที่ 24 ธันวาคม 2569", "th"),
    ("On 24 December 2026.", "en", "Ngày 24 tháng 12 năm 2026.", "vi"),
    ("On 3 December.", "en", "يوم 3 ديسمبر.", "ar"),
    ("Since 2026.", "en", "ตั้งแต่ปี 2569", "th"),
    # amounts and numbers
    ("It is €1,234.50.", "en", "C'est 1 234,50 €.", "fr"),
    ("It is ₹1,23,456.00.", "en", "Es sind ₹123.456,00.", "de"),
    ("It is €1,234.50.", "en", "Es sind 1.234,50 €.", "de"),
    ("It is 1,234.50 euros.", "en", "Es sind 1.234,50 €.", "de"),
    ("It is ¥10,000.", "en", "1万円です。", "ja"),
    ("It is NT$10,000.", "en", "面額1萬元。", "zh-Hant"),
    ("It is ₩35,000.", "en", "3만 5천 원입니다.", "ko"),
    ("It is ¥12,500.", "en", "1万2500円です。", "ja"),
    ("It is Rp1,500,000.", "en", "Harganya Rp1,5 juta.", "id"),
    ("It is Rp150,000.", "en", "Harganya Rp150 ribu.", "id"),
    ("It is SAR 250.", "en", "السعر ٢٥٠ ريال.", "ar"),
    ("It has 10,000 mAh.", "en", "Sie hat 10.000 mAh.", "de"),
    ("It has 10000 mAh.", "en", "Elle a 10 000 mAh.", "fr"),
    ("It uses 2.4 GHz.", "en", "Es nutzt 2,4 GHz.", "de"),
    ("Within 14 days.", "en", "１４日以内です。", "ja"),
    ("Three parts, 2 screws.", "en", "3 Teile, 2 Schrauben.", "de"),
    ("Order ORK-4821936.", "en", "ＯＲＫ－４８２１９３６", "ja"),
]
OTHER = [
    ("Open until 6:00 pm.", "en", "Bis 19 Uhr geöffnet.", "de"),
    ("Open until 6:00 pm.", "en", "Bis 6:00 Uhr geöffnet.", "de"),
    ("Open until 6:00 pm.", "en", "Open until 6:00 am.", "en"),
    ("Until 6:00 pm.", "en", "上午6点前。", "zh"),
    ("Until 6:30 pm.", "en", "18時まで承ります。", "ja"),
    ("On 12/24/2026.", "en", "Am 25. Dezember 2026.", "de"),
    ("On 3 December.", "en", "Le 3 novembre.", "fr"),
    ("On 24 December 2026.", "en", "12月24日に届きます。", "ja"),
    ("Am 11.12.2026.", "de", "Le 12/11/2026.", "fr"),
    ("It is €49.90.", "en", "Es kostet 49,90 $.", "de"),
    ("It is €1,234.50.", "en", "Es sind 1,23 €.", "de"),
    ("It is ¥10,000.", "en", "1千円です。", "ja"),
    ("It is €150,000.", "en", "Es sind 150 €.", "de"),
    ("It is ₩35,000.", "en", "3만 원입니다.", "ko"),
    ("It has 10,000 mAh.", "en", "Sie hat 1.000 mAh.", "de"),
    ("It uses 2.4 GHz.", "en", "Es nutzt 24 GHz.", "de"),
    ("Within 14 days.", "en", "Innerhalb von 30 Tagen.", "de"),
    ("2 parts.", "en", "3 Teile.", "de"),
]


@pytest.mark.parametrize(("source", "source_language", "text", "language"), SAME)
def test_the_same_in_another_spelling(source: str, source_language: str, text: str, language: str) -> None:
    assert compare_items(text, language, Source(source, source_language), ()) == []


@pytest.mark.parametrize(("source", "source_language", "text", "language"), OTHER)
def test_another_value(source: str, source_language: str, text: str, language: str) -> None:
    assert compare_items(text, language, Source(source, source_language), ())


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("1234", {"1234"}),
        ("1.234", {"1234", "1.234"}),
        ("1.234,50", {"1234.5"}),
        ("1,23,456.00", {"123456"}),
        ("1 234", {"1234"}),
        ("2,4", {"2.4"}),
        ("1.2.3", {"1.2.3"}),
    ],
)
def test_what_a_number_may_be_worth(written: str, values: set[str]) -> None:
    assert number_values(written) == values


def test_many_numbers_are_compared_in_linear_time() -> None:
    numbers = " ".join(f"{number}:30 {number}.5 €" for number in range(2_000))
    assert compare_items(numbers, "en", Source(numbers, "de"), ()) == []


@pytest.mark.parametrize(
    ("source", "text", "language", "found"),
    [
        (
            "Shipped on 3 May 2026, costs $1,234.50.",
            "Am 3 verschickt, 2026 $1,234.50.",
            "de",
            {"3 May 2026", "3", "2026 $"},
        ),
        ("It arrives on 24 December.", "Es kostet 24 €.", "de", {"24 December", "24 €"}),
        ("The refund is -20 EUR.", "Die Erstattung ist 20 EUR.", "de", {"-20 EUR", "20 EUR"}),
        ("You get 20% off.", "Sie erhalten 20 € Rabatt.", "de", {"20%", "20 €"}),
        ("You get 20% off.", "Sie erhalten 20 Prozent Rabatt.", "de", set()),
        ("It costs $20.", "Es kostet 20 Euro.", "de", {"$20", "20 Euro"}),
        ("It costs €20.", "价格为20美元。", "zh", {"€20", "20美元"}),
        ("It costs 20 dollars.", "20ドルです。", "ja", set()),
        ("Hello {{name}}, ${order_id}, %s.", "Hallo {name}, ${order_id}.", "de", {"{{name}}", "%s", "{name}"}),
        ("Visit shop.orikka.example.", "Besuchen Sie shop.orikka.beispiel.", "de", {"shop.orikka.example"}),
        ("Order #48213377 left.", "La commande n° 48213377 est partie.", "fr", set()),
    ],
)
def test_signs_units_and_placeholders_belong_to_what_they_stand_by(
    source: str, text: str, language: str, found: set[str]
) -> None:
    violations = compare_items(text, language, Source(source, "en"), [])
    assert {violation.found for violation in violations} == found
