"""The file that says whether conversations are given."""

from pathlib import Path

import pytest

from core.errors import ContentError
from desk.queue.routing_rules import RoutingRules, load_routing_rules

GOOD = "automatic: true\nmarkets: {}\nseen_minutes: 3\ngone_minutes: 10\nactive_minutes: 30\n"


def test_the_file_of_the_project_is_read() -> None:
    assert load_routing_rules() == RoutingRules()


def test_a_market_decides_for_itself(tmp_path: Path) -> None:
    path = tmp_path / "routing.yml"
    path.write_text(GOOD.replace("{}", "{DE: false}"))
    rules = load_routing_rules(path)
    assert (rules.gives("DE"), rules.gives("US")) == (False, True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace("automatic: true", "automatic: maybe"), "true or false"),
        (GOOD.replace("markets: {}", "markets: {DE: 1}"), "mapping"),
        (GOOD.replace("gone_minutes: 10", "gone_minutes: 0"), "gone_minutes"),
        (GOOD.replace("gone_minutes: 10", "gone_minutes: true"), "gone_minutes"),
        (GOOD + "extra: 1\n", "nothing else"),
        ("- 1\n", "nothing else"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, wrong: str, said: str) -> None:
    path = tmp_path / "routing.yml"
    path.write_text(wrong)
    with pytest.raises(ContentError, match=said):
        load_routing_rules(path)
