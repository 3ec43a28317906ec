"""A promised moment says whose clock it is on: in every language, wherever the customer's browser is."""

from datetime import UTC, datetime

import pytest

from core.settings import PROJECT
from knowledge.content import Content, load_content
from knowledge.value_json import from_json, to_json
from knowledge.values import Deadline
from knowledge.whose_clock import lived_in
from knowledge.words import Words

AUTUMN = datetime(2026, 11, 24, 12, tzinfo=UTC)
SUMMER = datetime(2027, 7, 6, 16, tzinfo=UTC)
ELSEWHERE = "Asia/Dubai"  # a zone of none of the markets

# By language, in a market whose people all have one clock: what stands after the time when the customer's clock is
# another one, and when it is unknown. On the market's own clock nothing does.
ONE_CLOCK = [
    ("GB", "en", "16:00 your time at", "12:00 UK time at"),
    ("IN", "en", "4:00 pm your time at", "5:30 pm IST at"),
    ("FR", "fr", "16:00 (votre heure locale).", "13:00 (heure de Paris)."),
    ("FR", "es", "16:00 (tu hora local).", "13:00 (hora de París)."),
    ("FR", "pt", "16:00 (no seu horário local).", "13:00 (horário de Paris)."),
    ("FR", "id", "16.00 (waktu di tempat Anda).", "13.00 (waktu Paris)."),
    ("DE", "de", "16:00 (Ihre Ortszeit) eine", "13:00 (deutsche Zeit) eine"),
    ("JP", "de", "16:00 (Ihre Ortszeit) eine", "21:00 (Ortszeit Tokio) eine"),
    ("IT", "it", "16:00 (la tua ora locale).", "13:00 (ora italiana)."),
    ("SA", "ar", "4:00 م بتوقيتك المحلي.", "3:00 م بتوقيت الرياض."),
    ("JP", "ja", "16:00（お客様の現地時間）までに", "21:00（日本時間）までに"),
    ("KR", "ko", "오후 4:00(고객님 현지 시간)까지", "오후 9:00(한국 시간)까지"),
    ("SG", "zh", "下午4:00（您当地时间）前", "下午8:00（新加坡时间）前"),
    ("TW", "zh-Hant", "下午4:00（您當地時間）前", "晚上8:00（台北時間）前"),
    ("TH", "th", "16:00 (ตามเวลาของคุณ) ค่ะ", "19:00 (เวลาไทย) ค่ะ"),
    ("VN", "vi", "16:00 Thứ Ba, 24 tháng 11 (giờ chỗ bạn).", "19:00 Thứ Ba, 24 tháng 11 (giờ Việt Nam)."),
    ("VN", "ja", "16:00（お客様の現地時間）までに", "19:00（ホーチミン時間）までに"),
]
# Where people have several, the customer's own is named even when it is the team's: they cannot know that.
SEVERAL_CLOCKS = [
    ("US", "en", "7:00 AM your time at", "7:00 AM Eastern Time at"),
    ("US", "es", "7:00 a.m. (tu hora local).", "7:00 a.m. (hora de Nueva York)."),
    ("BR", "pt", "9:00 (no seu horário local).", "9:00 (Horário de Brasília)."),
    ("MX", "es", "6:00 a.m. (tu hora local).", "6:00 a.m. (hora de Ciudad de México)."),
    ("ID", "id", "19.00 (waktu di tempat Anda).", "19.00 WIB."),
    ("ES", "es", "13:00 (tu hora local).", "13:00 (hora de Madrid)."),
]


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(PROJECT)


def told(content: Content, code: str, language: str, zone: str | None, moment: datetime = AUTUMN) -> str:
    words = Words(content.replies, content.glossary, moment.timestamp)
    values = {"promised_at": Deadline(moment)}
    market = content.markets[code]
    said = words.say("utter_still_waiting_apology", values, market=market, language=language, time_zone=zone)
    assert said.language == language
    return said.text.replace("\u202f", " ").replace("\xa0", " ")


def test_every_language_is_tested(content: Content) -> None:
    assert {language for _, language, *_ in ONE_CLOCK} == set(content.replies.texts)


@pytest.mark.parametrize(("code", "language", "other", "unknown"), ONE_CLOCK)
def test_where_all_have_one_clock(content: Content, code: str, language: str, other: str, unknown: str) -> None:
    assert other in told(content, code, language, ELSEWHERE)
    assert unknown in told(content, code, language, None)
    bare = unknown[: unknown.index("00") + 2] if code != "IN" else "5:30 pm"
    same = told(content, code, language, content.markets[code].time_zone)
    assert bare in same
    assert unknown not in same
    assert len(same) < len(told(content, code, language, None))


@pytest.mark.parametrize(("code", "language", "same", "unknown"), SEVERAL_CLOCKS)
def test_where_there_are_several(content: Content, code: str, language: str, same: str, unknown: str) -> None:
    assert same in told(content, code, language, content.markets[code].time_zone)
    assert unknown in told(content, code, language, None)


# The clocks of one country, by the season: Phoenix and Hermosillo never change theirs.
OF_ONE_COUNTRY = [
    ("US", "en", "America/Los_Angeles", "4:00 AM your time", "9:00 AM your time"),
    ("US", "en", "America/Phoenix", "5:00 AM your time", "9:00 AM your time"),
    ("US", "en", None, "7:00 AM Eastern Time", "12:00 PM Eastern Time"),
    ("MX", "es", "America/Tijuana", "4:00 a.m. (tu hora local)", "9:00 a.m. (tu hora local)"),
    ("MX", "es", "America/Hermosillo", "5:00 a.m. (tu hora local)", "9:00 a.m. (tu hora local)"),
    ("BR", "pt", "America/Manaus", "08:00 (no seu horário local)", "12:00 (no seu horário local)"),
    ("ID", "id", "Asia/Jayapura", "21.00 (waktu di tempat Anda)", "01.00 (waktu di tempat Anda)"),
    ("ES", "es", "Atlantic/Canary", "12:00 (tu hora local)", "17:00 (tu hora local)"),
    ("DE", "de", "Europe/Busingen", "13:00 eine", "18:00 eine"),
    ("GB", "en", "Africa/Abidjan", "12:00 at", "16:00 your time"),
    ("SA", "ar", "Africa/Nairobi", "3:00 م.", "7:00 م."),
]


@pytest.mark.parametrize(("code", "language", "zone", "autumn", "summer"), OF_ONE_COUNTRY)
def test_the_clock_that_holds_at_that_moment(
    content: Content, code: str, language: str, zone: str | None, autumn: str, summer: str
) -> None:
    assert autumn in told(content, code, language, zone, AUTUMN)
    assert summer in told(content, code, language, zone, SUMMER)


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+5", "GMT", "Europe/Nowhere", "../../etc/passwd", "America", "", None])
def test_a_zone_in_which_nobody_lives_is_unknown(content: Content, zone: str | None) -> None:
    assert lived_in(zone) is None
    assert "12:00 UK time" in told(content, "GB", "en", zone)


@pytest.mark.parametrize("former", ["Asia/Calcutta", "Asia/Saigon", "US/Pacific", "Europe/Kiev"])
def test_former_names_that_browsers_send_are_known(former: str) -> None:
    assert lived_in(former) is not None


def test_a_deadline_survives_the_way_through_json() -> None:
    assert from_json(to_json(Deadline(AUTUMN))) == Deadline(AUTUMN)


@pytest.mark.parametrize(
    ("code", "language", "end"),
    [
        ("US", "en", "10:00 AM–4:00 PM Eastern Time."),
        ("US", "es", "4:00 p.m. (hora de Nueva York)."),
        ("DE", "de", "10:00–14:00 (deutsche Zeit)."),
        ("DE", "en", "10:00–14:00 Berlin time."),
        ("BR", "pt", "09:00–13:00 (Horário de Brasília)."),
        ("JP", "ja", "13:30～18:00（日本時間）です。"),
        ("SA", "ar", "9:00 م بتوقيت الرياض."),
        ("TH", "th", "09:00–18:00 (เวลาไทย) ค่ะ"),
        ("IN", "en", "7:00 pm IST."),
    ],
)
def test_opening_hours_name_their_clock(content: Content, code: str, language: str, end: str) -> None:
    words = Words(content.replies, content.glossary, AUTUMN.timestamp)
    entry = next(entry for entry in content.entries if entry.id == "opening-hours")
    text = words.answer(entry, content.markets[code], language).text
    assert end in text.replace("\u202f", " ").replace("\xa0", " ")
