"""An answer that nobody has written in the customer's language: translated and marked, or left as it is and said so."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from aftersail.demo_packages import install_demo_packages
from aftersail.translators import open_translator
from bot.nlg import WordsGenerator
from core.settings import Settings
from glossaries.gate_terms import GateTerms
from knowledge.release import Release
from knowledge.release_holder import ReleaseHolder
from languages.translation.translator import Translator
from tests.support.installation import Installation

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def release(installation: Installation) -> Release:
    """The project's release, with one answer in English only."""
    whole = ReleaseHolder(installation.settings, installation.engine, with_vectors=False).current()
    entry = whole.entries["missing-part"]
    return replace(whole, entries={**whole.entries, entry.id: replace(entry, texts={"en": entry.texts["en"]})})


@pytest.fixture(scope="module")
def translator(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Translator:
    """Argos with the demo's packages."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("translator"), _env_file=None)
    assert install_demo_packages(settings, Console(quiet=True)) == 4
    assert install_demo_packages(settings, Console(quiet=True)) == 0
    terms = GateTerms(release.id, release.glossary, matchers=release.matchers)
    return open_translator(settings, lambda: terms)


async def answered(release: Release, translator: Translator | None, market: str, language: str) -> Mapping[str, Any]:
    holder: Any = SimpleNamespace(current=lambda: release)
    tracker: Any = SimpleNamespace(latest_message=SimpleNamespace(metadata={"market": market, "language": language}))
    return await WordsGenerator(holder=holder, translator=translator).generate("faq:missing-part", tracker, "webchat")


@pytest.mark.parametrize("market", ["DE", "JP"])
async def test_it_is_translated_and_marked_with_its_original(
    release: Release, translator: Translator, market: str
) -> None:
    language = {"DE": "de", "JP": "ja"}[market]
    answer = await answered(release, translator, market, language)
    original = release.words.answer(release.entries["missing-part"], release.markets[market], "en").text
    made = translator.translate(original, "en", language, market)
    note = release.words.say("utter_answer_machine_translated", market=release.markets[market], language=language)
    if made.ok:
        assert answer["text"] == f"{note.text}\n{made.text}"
        assert answer["said"]["language"] == language
        assert answer["said"]["translation"] == {"from": "en", "original": original, "engine": "argos"}
    else:
        assert answer["text"].endswith(original)
        assert "translation" not in answer["said"]


@pytest.mark.parametrize(("market", "language"), [("TH", "th"), ("DE", "de")])
async def test_without_a_package_it_stays_and_says_so(release: Release, market: str, language: str) -> None:
    answer = await answered(release, None, market, language)
    original = release.words.answer(release.entries["missing-part"], release.markets[market], "en")
    assert answer["text"].endswith(original.text)
    assert answer["said"]["language"] == "en"
    assert answer["text"] != original.text


def test_packages_are_for_the_demo_shop_only(tmp_path: Path) -> None:
    for changed in ({"orders": "orders.csv"}, {"translation_engine": "none"}):
        settings = Settings(data_dir=tmp_path, _env_file=None, **changed)  # type: ignore[arg-type]  # texts
        assert install_demo_packages(settings, Console(quiet=True)) == 0
