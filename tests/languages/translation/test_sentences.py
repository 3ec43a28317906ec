"""Texts come apart into sentences and together again."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ContentError
from languages.catalogue import load_catalogue
from languages.translation.sentence_rules import load_sentence_rules
from languages.translation.sentences import MAX_TEXT, SentenceSplitter

SPLITTER = SentenceSplitter()
LANGUAGES = [*load_catalogue().content, "hi", "nl"]

# Each text with "|" where it comes apart; what stands between two bars belongs to no sentence.
CASES = {
    "en": [
        "|Hello!| |Where is it?| |Thanks.|",
        "|Mr. Smith paid $3.50 approx. twice.| |OK|",
        "|I ordered it.||It did not come.||Where is it?|",
        "|See https://a.b/c.d?x=1.| |Is it U.S. stock?!| |Yes... maybe.| |Ask Jo.Do@shop.com now.|",
        '|He said "No."| |Then he left.|',
        '|Fine.| |"Great," she said.| |(Really.)| |OK|',
        "1. |First one|\n2) |Second one|\n- |a bullet|\n> |a quote|",
        "|Hi,|\r\n\r\n|no parcel :-(|\r\n--\r\n|John|",
        "12345\n***\n👍 👍",
    ],
    "de": [
        "|Am 3. Mai kommt es.| |Dr. Müller wartet z. B. auf 2 Stk. davon!|",
        "|Geht nicht.| |„Gut.“| |Und nun?|",
    ],
    "es": ["|Hola.| |¿Dónde está?| |¡Gracias!|"],
    "fr": ["|Bonjour M. Dupont.| |Où est mon colis ?| |« Merci ! »|"],
    "it": ["|Buongiorno.| |Il pacco nr. 5 non c'è?| |Grazie|"],
    "pt": ["|Olá!| |O Sr. Silva pagou.| |Obrigado|"],
    "ar": ["|مرحبا.| |أين طلبي؟||شكرا لكم|"],
    "ja": [
        "|注文しました。||まだです！||ORK-1234567はどこ？||明日|",
        "|まだ！||「はい。」と言った。||「えっ？」| |次|",
        "・|りんご|\n・|みかん|",
    ],
    "ko": ["|안녕하세요.| |3.5kg 입니다.||언제 와요?| |네|"],
    "zh": ["|订单3.5元。||谢谢！|\n1、|你好。||“好。”他说|"],
    "zh-Hant": ["|您好，包裹呢？||謝謝。|"],
    "th": ["|สวัสดีครับ ผมสั่งของ|\n|เมื่อไหร่ถึง?| |ขอบคุณ|"],
    "id": ["|Halo kak.| |No. 5 belum sampai?| |Tolong|"],
    "vi": ["|Chào shop.| |Đơn ở TP. HCM đâu?| |Cảm ơn|"],
    "nl": ["|Hallo.| |Waar is het?| |Dank|"],
}


@pytest.mark.parametrize(
    ("language", "marked"), [(language, marked) for language, cases in CASES.items() for marked in cases]
)
def test_sentences(language: str, marked: str) -> None:
    text = marked.replace("|", "")
    split = SPLITTER.split(text, language)
    assert split.join([f"|{sentence}|" for sentence in split.sentences]) == marked
    assert split.join(split.sentences) == text


def test_every_content_language_has_rules_and_cases() -> None:
    content = load_catalogue().content.keys()
    assert content <= load_sentence_rules().languages.keys() | {"xx"}
    assert content <= CASES.keys()


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("aB. !?\n\t\"'(«¿1)-•。！「」、，ไ ้ؤ؟가\u3000\u2028\r👍…")) | st.text(max_size=200),
    st.sampled_from(LANGUAGES),
)
def test_nothing_is_lost(text: str, language: str) -> None:
    split = SPLITTER.split(text, language)
    assert split.join(split.sentences) == text
    assert all(sentence == sentence.strip() and sentence for sentence in split.sentences)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", ["word ", "x", "半角、", "ครับ", "one, two "])
def test_long_sentences_are_cut(language: str, unit: str) -> None:
    text = unit * 300
    split = SPLITTER.split(text, language)
    assert max(map(len, split.sentences)) <= load_sentence_rules().of(language).max_chars
    assert split.join(split.sentences) == text


def test_long_sentences_are_cut_at_pauses_but_not_inside_numbers() -> None:
    text = "We have waited for the parcel, " * 8 + "and the price of 3,5 and 4,5 " * 8
    assert all(s.endswith(",") or s[-1].isalnum() for s in SPLITTER.split(text, "en").sentences)
    assert all("3,5" in s or "3," not in s for s in SPLITTER.split(text, "de").sentences)


@pytest.mark.parametrize(
    ("source", "text", "target", "sentences", "expected"),
    [
        ("en", "Hi. Bye.\n- x y\n", "ja", ["やあ。", "また。", "あ"], "やあ。また。\n- あ\n"),
        ("ja", "やあ。また。", "en", [" Hi.", "Bye. "], "Hi. Bye."),
        ("th", "ก ข? ค", "zh", ["你好？", "好"], "你好？好"),
        ("de", "A  B?  C", "fr", ["D ?", "E"], "D ? E"),
    ],
)
def test_joined_as_the_target_writes(source: str, text: str, target: str, sentences: list[str], expected: str) -> None:
    assert SPLITTER.join(SPLITTER.split(text, source), sentences, target) == expected


def test_wrong_number_of_sentences() -> None:
    with pytest.raises(ValueError, match="1 sentences for 2"):
        SPLITTER.split("One. Two.", "en").join(["x"])


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        SPLITTER.split("x" * (MAX_TEXT + 1), "en")


def test_spacy_does_not_bring_torch(fresh_python) -> None:
    code = (
        "import sys; from languages.translation.sentences import SentenceSplitter; "
        "assert 'spacy' not in sys.modules; SentenceSplitter().split('A b. C', 'en'); "
        "assert 'spacy' in sys.modules and 'torch' not in sys.modules"
    )
    assert fresh_python(code).returncode == 0


def test_words_are_forgotten() -> None:
    SPLITTER.split("warm up.", "en")
    boundaries = SPLITTER._boundaries["en"]
    before = len(boundaries._pipeline.vocab.strings)
    for number in range(200):
        SPLITTER.split(f"unheard{number}of word{number}.", "en")
    assert len(boundaries._pipeline.vocab.strings) == before
    assert sys.modules["spacy"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("default: {pipeline: xx}\nlanguages: {}\nline_start: ''\n", "1: the rules lack or have a wrong 'ends'"),
        ("languages: {}\n", "1: default is missing"),
        ("default: {a: 1}\nlanguages: {}\nline_start: '('\n", "1: line_start is missing or no pattern"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "sentences.yml"
    path.write_text(text)
    with pytest.raises(ContentError) as caught:
        load_sentence_rules(path)
    assert f"sentences.yml:{message}" in str(caught.value)
