"""Reasons of editors and of the gate, in the languages of the desk."""

from pathlib import Path

import pytest

from core.errors import ContentError
from desk.reasons import Because, load_reasons
from desk.web.words import load_words
from glossaries.check import check
from glossaries.model import Status
from glossaries.violations import Source
from languages.translation.engine import Pair, PairUnavailable
from tests.support.desk import DeskWorld

BOTH = sorted(load_words())
# Languages whose editors give their reasons in that language of the desk.
GIVEN_IN = {"en": {"en", "ar", "id", "vi"}, "zh": {"zh"}}


def reasons(desk: DeskWorld, but: set[str]) -> set[str]:
    """Why words must not leave, in every market and language but these."""
    terms, markets = desk.parts.deps.terms(), desk.holder.current().markets.values()
    every = [term for market in markets for code in market.languages for term in terms.terms(market.code, code).terms]
    return {term.reason for term in every if term.status is Status.FORBIDDEN and term.language not in but}


@pytest.mark.parametrize("language", BOTH)
def test_every_reason_of_the_glossary_is_said_in_the_language_of_the_desk(desk: DeskWorld, language: str) -> None:
    foreign, known = reasons(desk, GIVEN_IN.get(language, set())), load_reasons()[language].texts
    assert len(foreign) > 20
    assert [reason for reason in foreign if not known.get(reason)] == []


@pytest.mark.parametrize(
    ("text", "source", "english", "chinese"),
    [
        ("请立即停止使用并拔掉电源。", None, "this is not German, which the customer reads", "这不是客户所用的德语"),
        ("Ihr Paket ist da, vielen Dank.", "Your parcel ORK-4821936 is there, thank you.",
         "“ORK-4821936” stands in the original and is missing here", "原文里的“ORK-4821936”不见了"),
        ("Orika hat das Paket.", "Orikka has the parcel.",
         "the name is written “Orikka”", "这个名称应写作“Orikka”"),
        ("Bitte desinfizieren Sie die Babyflasche.", None,
         "For baby bottles we promise sterilising; disinfecting is a medical claim that we do not make.",
         "奶瓶我们只承诺“Sterilisieren”；“Desinfizieren”属于医疗宣称，我们不作。"),
    ],
)  # fmt: skip
def test_what_the_gate_finds_is_said_to_whoever_reads_it(
    desk: DeskWorld, text: str, source: str | None, english: str, chinese: str
) -> None:
    before = Source(source, "en") if source else None
    found = [violation.reason for violation in check(text, before, "DE", "de", desk.parts.deps.terms())]
    for language, expected in (("en", english), ("zh", chinese)):
        assert expected in [Because(load_words()[language])(reason) for reason in found]


def test_several_reasons_and_unknown_ones() -> None:
    because = Because(load_words()["zh"])
    two = "nous vouvoyons nos clients; Das Gerät sterilisiert; desinfizieren ist eine medizinische Aussage."
    assert because(two) == "对客户用敬称“vous”。; 这台设备是“sterilisieren”；“desinfizieren”属于医疗宣称。"
    assert because("argos: broken; it is the original, not a translation") == "argos: broken; 这是原文，没有翻译"
    assert because("") == ""


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        (f"argos: {PairUnavailable(Pair('en', 'fr'), '`aftersail languages install en fr` installs it')}",
         "there is no translation package en→fr; an administrator can install one with `aftersail languages`",
         "没有 en→fr 的翻译包；管理员可用 `aftersail languages` 安装"),
        ("argos: argos has not translated within 20 s",
         "the translation takes too long; try again in a moment", "翻译用时过长，请稍后再试"),
    ],
)  # fmt: skip
def test_nobody_at_the_desk_is_told_what_to_type_into_a_console(reason: str, english: str, chinese: str) -> None:
    assert [Because(load_words()[language])(reason) for language in ("en", "zh")] == [english, chinese]


def test_an_agent_reads_the_reasons_of_a_market_in_the_language_of_the_desk(desk: DeskWorld) -> None:
    conversation = desk.waiting("Wie kann ich die Babyflasche sterilisieren?").conversation_id
    english = desk.client("anna").get(f"/desk/c/{conversation}/hints").text
    chinese = desk.client("mei", interface="zh").get(f"/desk/c/{conversation}/hints").text
    assert "disinfecting is a medical claim" in english
    assert "属于医疗宣称" in chinese
    assert "medizinische Aussage" not in english + chinese


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text("- x")
    with pytest.raises(ContentError, match="mapping of texts"):
        load_reasons(tmp_path)
