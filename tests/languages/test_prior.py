"""What is believed before a message is read."""

import pytest

from languages.catalogue import load_catalogue
from languages.prior import Evidence, carried_prior, sources, start_prior

CATALOGUE = load_catalogue()


def test_market_before_english_before_the_rest() -> None:
    prior = start_prior(Evidence(("de", "en")), CATALOGUE)
    assert prior["de"] == pytest.approx(0.5 + 0.2 / 14)
    assert prior["en"] == pytest.approx(0.3 + 0.2 / 14)
    assert prior["th"] == pytest.approx(0.2 / 14)
    assert sum(prior.values()) == pytest.approx(1)


def test_history_leaks_a_tenth() -> None:
    prior = carried_prior(Evidence(("de", "en"), history={"th": 1.0}), CATALOGUE)
    assert prior["th"] == pytest.approx(0.9 + 0.1 * 0.2 / 14)
    assert prior["de"] == pytest.approx(0.1 * (0.5 + 0.2 / 14))


@pytest.mark.parametrize("history", [{}, {"de": 0.0}, {"xx": 1.0}, {"de": -1.0}, {"de": float("nan")}, {"asked": 0.0}])
def test_useless_history_counts_as_none(history: dict[str, float]) -> None:
    evidence = Evidence(("de", "en"), history=history)
    assert carried_prior(evidence, CATALOGUE) == start_prior(evidence, CATALOGUE)


def test_a_new_choice_overrules_history_and_an_old_one_does_not() -> None:
    new = Evidence(("de", "en"), history={"en": 1.0}, chosen="fr")
    old = Evidence(("de", "en"), history={"en": 1.0, "chosen:fr": 0.0}, chosen="fr")
    assert carried_prior(new, CATALOGUE)["fr"] > 0.94
    assert carried_prior(old, CATALOGUE)["en"] > 0.89


def test_sources_name_what_was_used() -> None:
    evidence = Evidence(("ja", "en"), profile="xx", browser_languages=("pt-PT", "tlh", "fr"), phone_country="CH")
    used = {source.name: source.languages for source in sources(evidence, CATALOGUE)}
    assert "profile" not in used
    assert used["browser"] == ("pt", "fr")
    assert used["phone"] == ("de", "fr", "it")
