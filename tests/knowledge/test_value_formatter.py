"""Each type in each language, as a native reader expects it."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from knowledge.value_formatter import ValueFormatter
from knowledge.values import Label, Money, Value, Verbatim
from markets.hours import OpeningRange, Slot

MOMENT = datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
DAY = date(2026, 3, 5)
PRICE = Money(Decimal("1234.50"), "EUR")
LIST = ("DHL", Label("label_x"), "GLS")
HOURS = (
    OpeningRange(6, 3, (Slot(time(9), time(13)), Slot(time(14), time(18)))),
    OpeningRange(5, 5, (Slot(time(10), time(14)),)),
)

# locale, digits, zone → moment, day, money, number, list, hours
TABLE = {
    ("en-GB", "latn", "Europe/London"): (
        "Thursday 26 November, 05:30",
        "Thursday 5 March",
        "€1,234.50",
        "12,345",
        "DHL, «label_x» and GLS",
        "Sun–Thu 09:00–13:00, 14:00–18:00, Sat 10:00–14:00",
    ),
    ("es-ES", "latn", "Europe/Madrid"): (
        "jueves, 26 de noviembre, 6:30",
        "jueves, 5 de marzo",
        "1.234,50 €",
        "12.345",
        "DHL, «label_x» y GLS",
        "dom–jue 9:00–13:00, 14:00–18:00, sáb 10:00–14:00",
    ),
    ("fr-FR", "latn", "Europe/Paris"): (
        "jeudi 26 novembre, 06:30",
        "jeudi 5 mars",
        "1\u202f234,50 €",
        "12\u202f345",
        "DHL, «label_x» et GLS",
        "dim.–jeu. 09:00–13:00, 14:00–18:00, sam. 10:00–14:00",
    ),
    ("de-DE", "latn", "Europe/Berlin"): (
        "Donnerstag, 26. November, 06:30",
        "Donnerstag, 5. März",
        "1.234,50 €",
        "12.345",
        "DHL, «label_x» und GLS",
        "So–Do 09:00–13:00, 14:00–18:00, Sa 10:00–14:00",
    ),
    ("it-IT", "latn", "Europe/Rome"): (
        "giovedì 26 novembre, 06:30",
        "giovedì 5 marzo",
        "1.234,50 €",
        "12.345",
        "DHL, «label_x» e GLS",
        "dom–gio 09:00–13:00, 14:00–18:00, sab 10:00–14:00",
    ),
    ("pt-BR", "latn", "America/Sao_Paulo"): (
        "quinta-feira, 26 de novembro 02:30",
        "quinta-feira, 5 de março",
        "€ 1.234,50",
        "12.345",
        "DHL, «label_x» e GLS",
        "dom.–qui. 09:00–13:00, 14:00–18:00, sáb. 10:00–14:00",
    ),
    ("ar-SA", "latn", "Asia/Riyadh"): (
        "الخميس، 26 نوفمبر، 8:30 ص",
        "الخميس، 5 مارس",
        "\u200f1,234.50 €",
        "12,345",
        "\u2068DHL\u2069 و\u2068«label_x»\u2069 و\u2068GLS\u2069",
        "الأحد–الخميس 9:00 ص–1:00 م و2:00 م–6:00 م والسبت 10:00 ص–2:00 م",
    ),
    ("ar-SA", "arab", "Asia/Riyadh"): (
        "الخميس، ٢٦ نوفمبر، ٨:٣٠ ص",
        "الخميس، ٥ مارس",
        "\u200f١٬٢٣٤٫٥٠ €",
        "١٢٬٣٤٥",
        "\u2068DHL\u2069 و\u2068«label_x»\u2069 و\u2068GLS\u2069",
        "الأحد–الخميس ٩:٠٠ ص–١:٠٠ م و٢:٠٠ م–٦:٠٠ م والسبت ١٠:٠٠ ص–٢:٠٠ م",
    ),
    ("ja-JP", "latn", "Asia/Tokyo"): (
        "11月26日木曜日 14:30",
        "3月5日木曜日",
        "€1,234.50",
        "12,345",
        "DHL、«label_x»、GLS",
        "日～木 9:00～13:00、14:00～18:00、土 10:00～14:00",
    ),
    ("ko-KR", "latn", "Asia/Seoul"): (
        "11월 26일 목요일 오후 2:30",
        "3월 5일 목요일",
        "€1,234.50",
        "12,345",
        "DHL, «label_x» 및 GLS",
        "일~목 오전 9:00~오후 1:00, 오후 2:00~오후 6:00, 토 오전 10:00~오후 2:00",
    ),
    ("zh-Hans-SG", "latn", "Asia/Singapore"): (
        "11月26日星期四 下午1:30",
        "3月5日星期四",
        "€1,234.50",
        "12,345",
        "DHL、«label_x»和GLS",
        "周日–周四 上午9:00–下午1:00、下午2:00–下午6:00、周六 上午10:00–下午2:00",
    ),
    ("zh-Hant-TW", "latn", "Asia/Taipei"): (
        "11月26日 星期四 下午1:30",
        "3月5日 星期四",
        "€1,234.50",
        "12,345",
        "DHL、«label_x»和GLS",
        "週日–週四 上午9:00–下午1:00、下午2:00–下午6:00、週六 上午10:00–下午2:00",
    ),
    ("th-TH", "latn", "Asia/Bangkok"): (
        "วันพฤหัสบดีที่ 26 พฤศจิกายน 12:30",
        "วันพฤหัสบดีที่ 5 มีนาคม",
        "€1,234.50",
        "12,345",
        "DHL «label_x» และGLS",
        "อา.–พฤ. 09:00–13:00 14:00–18:00, ส. 10:00–14:00",
    ),
    ("id-ID", "latn", "Asia/Jakarta"): (
        "Kamis, 26 November 12.30",
        "Kamis, 5 Maret",
        "€1.234,50",
        "12.345",
        "DHL, «label_x», dan GLS",
        "Min–Kam 09.00–13.00, 14.00–18.00, Sab 10.00–14.00",
    ),
    ("vi-VN", "latn", "Asia/Ho_Chi_Minh"): (
        "12:30 Thứ Năm, 26 tháng 11",
        "Thứ Năm, 5 tháng 3",
        "1.234,50 €",
        "12.345",
        "DHL, «label_x» và GLS",
        "CN–Th 5 09:00–13:00, 14:00–18:00, Th 7 10:00–14:00",
    ),
}


def write(formatter: ValueFormatter, value: Value) -> str:
    return formatter.write(value, 2026, lambda label: f"«{label.name}»")


@pytest.mark.parametrize("place", TABLE, ids="-".join)
def test_every_type_in_every_language(place: tuple[str, str, str]) -> None:
    locale, digits, zone = place
    formatter = ValueFormatter(locale, digits, zone, zone)
    values: tuple[Value, ...] = (MOMENT, DAY, PRICE, 12345, LIST, HOURS)  # type: ignore[assignment]
    written = [write(formatter, value).replace("\u00a0", " ") for value in values]
    assert written == [text.replace("\u00a0", " ") for text in TABLE[place]]


LISTS = [
    ("en-US", (), ""),
    ("en-US", ("a",), "a"),
    ("en-US", ("a", "b"), "a and b"),
    ("en-US", ("a", "b", "c", "d"), "a, b, c, and d"),
    ("th-TH", ("Flash Express", "KEX Express", "DHL"), "Flash Express, KEX Express และDHL"),
    ("ja-JP", ("{0}", "{1}", "c"), "{0}、{1}、c"),
]


@pytest.mark.parametrize(("locale", "items", "text"), LISTS)
def test_lists_of_every_length(locale: str, items: tuple[str, ...], text: str) -> None:
    assert write(ValueFormatter(locale, "latn", "UTC", "UTC"), items) == text


YEARS = [
    ("de-DE", "Freitag, 5. März 2027"),
    ("en-US", "Friday, March 5, 2027"),
    ("es-MX", "viernes, 5 de marzo de 2027"),
    ("ja-JP", "2027年3月5日金曜日"),
    ("zh-Hant-TW", "2027年3月5日 星期五"),
    ("vi-VN", "Thứ Sáu, 5 tháng 3, 2027"),
    ("th-TH", "วันศุกร์ที่ 5 มีนาคม 2027"),
]


@pytest.mark.parametrize(("locale", "text"), YEARS)
def test_another_year_is_written_out(locale: str, text: str) -> None:
    assert write(ValueFormatter(locale, "latn", "UTC", "UTC"), date(2027, 3, 5)) == text


MONEY = [
    ("en-US", "5", "USD", "$5.00"),
    ("ja-JP", "980", "JPY", "￥980"),
    ("ko-KR", "50000", "KRW", "₩50,000"),
    ("vi-VN", "250000", "VND", "250.000 ₫"),
    ("id-ID", "15000", "IDR", "Rp15.000"),
    ("id-ID", "15000.5", "IDR", "Rp15.000,50"),
    ("pt-BR", "19.9", "BRL", "R$ 19,90"),
    ("en-IN", "123456.5", "INR", "₹1,23,456.50"),
    ("th-TH", "50", "THB", "฿50.00"),
    ("zh-Hant-TW", "80", "TWD", "$80"),
]


@pytest.mark.parametrize(("locale", "amount", "currency", "text"), MONEY)
def test_money_has_the_currencys_decimals(locale: str, amount: str, currency: str, text: str) -> None:
    formatter = ValueFormatter(locale, "latn", "UTC", "UTC")
    assert write(formatter, Money(Decimal(amount), currency)).replace("\u00a0", " ") == text


DIRECTIONS = [
    ("ar-SA", "ORK-4821936", True),
    ("ar-SA", "+966110000042", True),
    ("ar-SA", Verbatim("DHL"), True),
    ("ar-SA", "أرامكس", False),
    ("ar-SA", "https://orikka.example/sa", False),
    ("de-DE", "ORK-4821936", False),
    ("de-DE", "شنجن", True),
    ("ja-JP", "深圳", False),
]


@pytest.mark.parametrize(("locale", "text", "isolated"), DIRECTIONS)
def test_text_against_the_direction_is_fenced_off(locale: str, text: str, isolated: bool) -> None:
    written = write(ValueFormatter(locale, "latn", "UTC", "UTC"), text)
    assert written == (f"\u2068{text}\u2069" if isolated else text)


@pytest.mark.parametrize("zone", ["Mars/Phobos", "America", "../etc/passwd", "\x00", "x" * 300])
def test_an_unknown_zone_gives_the_fallback(zone: str) -> None:
    formatter = ValueFormatter("en-GB", "latn", zone, "Asia/Tokyo")
    assert write(formatter, MOMENT) == "Thursday 26 November, 14:30"


@pytest.mark.parametrize("value", [True, 1.5, None, b"x", datetime(2026, 1, 1)])  # noqa: DTZ001
def test_a_type_without_a_written_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        write(ValueFormatter("en-GB", "latn", "UTC", "UTC"), value)  # type: ignore[arg-type]
