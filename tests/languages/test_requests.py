"""Requests for a language, found in words."""

from pathlib import Path
from shutil import copytree

import pytest

from core.errors import ContentError
from languages.catalogue import DATA
from languages.request_data import load_requests
from languages.requests import RequestFinder


@pytest.fixture(scope="module")
def finder() -> RequestFinder:
    return load_requests()


BOTH = ("zh", "zh-Hant")

REQUESTS = {
    ("en",): (
        "English please", "english", "ENG", "in english pls", "can you speak english?", "Do you speak English",
        "auf englisch bitte", "¿habla inglés?", "en anglais svp", "in inglese per favore", "pode falar em inglês",
        "بالإنجليزي لو سمحت", "ممكن نتكلم بالانجليزية؟", "英語でお願いします", "英語でもいいですか",
        "영어로 말해 주세요",
        "영어 가능한가요?", "可以说英文吗", "會說英文嗎", "พูดภาษาอังกฤษได้ไหมคะ", "bisa bahasa inggris?",
        "nói tiếng anh được không", "noi tieng anh duoc khong",
    ),
    ("de",): ("auf Deutsch bitte", "Deutsch?", "sprechen Sie deutsch", "can we write in german", "en allemand",
        "ドイツ語で"),
    ("es",): ("en español por favor", "español", "hablas espanol?", "in spanish", "parla spagnolo?"),
    ("fr",): ("en français s'il vous plaît", "Parlez-vous français ?", "francais", "i speak french",
        "auf französisch"),
    ("it",): ("in italiano?", "parla italiano", "auf italienisch", "イタリア語"),
    ("pt",): ("em português", "vocês falam português?", "portugues", "in portuguese please"),
    ("ar",): ("بالعربي", "عربي", "هل تتحدث العربية؟", "arabic please", "en arabe"),
    ("ja",): ("日本語でお願い", "日本語でお願いします", "日本語OK？", "日本語は話せますか", "japanese",
        "auf japanisch bitte"),
    ("ko",): ("한국어", "한국어로 부탁드려요", "한국말로 해주세요", "korean please"),
    BOTH: ("中文", "說中文", "说中文", "可以用中文沟通吗？", "你會說中文嗎", "chinese please",
        "中国語でお願いします"),
    ("zh-Hant",): ("繁體中文", "你好，可以讲广东话吗", "traditional chinese please"),
    ("zh",): ("简体中文", "simplified chinese"),
    ("th",): ("พูดไทยได้ไหมครับ", "ภาษาไทย", "can you speak thai", "auf thailändisch"),
    ("id",): ("bahasa indonesia", "pakai bahasa indonesia dong", "bisa bahasa indonesia gak", "in indonesian"),
    ("vi",): ("tiếng Việt", "nói tiếng việt nhé", "co ai noi tieng viet khong", "vietnamese please"),
    ("ru",): ("по-русски?", "на русском пожалуйста", "russian please", "auf russisch"),
    ("hi",): ("हिंदी में", "hindi please", "do you speak hindi"),
    ("ms",): ("bahasa melayu", "malay please"),
    ("tr",): ("türkçe", "turkish please", "auf türkisch"),
    ("nl",): ("nederlands", "in dutch please"),
}  # fmt: skip

NO_REQUESTS = (
    "", "I ordered the English manual", "French press broken", "my polish is bad", "does the manual come in English",
    "I don't speak German", "no english", "the spanish version of the app crashes", "wo ist meine bestellung",
    "mein Handbuch ist nur auf Englisch", "マニュアルが英語だけです", "说明书只有英文",
        "คู่มือเป็นภาษาอังกฤษอย่างเดียว", "설명서가 영어예요",
    "The German plug does not fit in my Italian socket", "please", "thai curry", "indian order", "en", "in",
)  # fmt: skip


@pytest.mark.parametrize(("codes", "text"), [(codes, text) for codes, texts in REQUESTS.items() for text in texts])
def test_request(finder: RequestFinder, codes: tuple[str, ...], text: str) -> None:
    assert finder.find(text) == codes


@pytest.mark.parametrize("text", NO_REQUESTS)
def test_no_request(finder: RequestFinder, text: str) -> None:
    assert finder.find(text) == ()


def test_request_beside_other_sentences(finder: RequestFinder) -> None:
    assert finder.find("Hi, my order is late. Could you write in German please? It is ORK-4821936") == ("de",)


def test_a_name_under_two_languages_is_refused(tmp_path: Path) -> None:
    folder = copytree(DATA, tmp_path / "data")
    with (folder / "names.yml").open("a", encoding="utf-8") as file:
        file.write("\nxx: [english]\n")
    with pytest.raises(ContentError, match=r"names\.yml.*'english' stands under 'en' and 'xx'"):
        load_requests(folder)


def test_a_frame_without_a_name_is_refused(tmp_path: Path) -> None:
    folder = copytree(DATA, tmp_path / "data")
    text = (folder / "requests.yml").read_text(encoding="utf-8")
    (folder / "requests.yml").write_text(text.replace('"em {name}"', '"em"'), encoding="utf-8")
    with pytest.raises(ContentError, match=r"the frame 'em' needs \{name\} exactly once"):
        load_requests(folder)
