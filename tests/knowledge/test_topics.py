"""Topics: from the files through a release to what a bare name may mean."""

from pathlib import Path

import pytest

from core.errors import ContentError
from core.settings import PROJECT
from knowledge.content import load_content
from knowledge.lint import lint
from knowledge.load_topics import load_topics
from knowledge.release_content import from_json, to_json
from knowledge.topics import Topics
from tests.support.small_content import write_content

CHOICES = "delivery: [order_status, delivery-time]\ncash: [cash]\nbroken: [device, warranty]\n"
NAMES = {
    "de": "delivery: [Lieferung, Versand]\ncash: [Nachnahme]\nbroken: [kaputt, Störung]\n",
    "ja": "delivery: [配送, はいそう]\ncash: [代引き]\n",
    "th": "delivery: [ค่าส่ง]\n",
    "ko": "broken: [설명서]\n",
}
PROJECTS = load_topics(PROJECT / "knowledge" / "data" / "topics")


def write(folder: Path, choices: str = CHOICES, **names: str) -> Path:
    """The folder of topic files below `folder`."""
    topics = folder / "topics"
    topics.mkdir(parents=True, exist_ok=True)
    (folder / "topics.yml").write_text(choices, encoding="utf-8")
    for language, text in (names or NAMES).items():
        (topics / f"{language}.yml").write_text(text, encoding="utf-8")
    return topics


@pytest.fixture
def topics(tmp_path: Path) -> Topics:
    return load_topics(write(tmp_path))


@pytest.mark.parametrize(
    ("text", "languages", "found"),
    [
        ("Lieferung", ["de"], ("order_status", "delivery-time")),
        ("  LIEFERUNG?? 🙏", ["de"], ("order_status", "delivery-time")),
        ("Stoerung", ["de"], ()),
        ("storung", ["de"], ("device", "warranty")),
        ("ハイソウ", ["ja"], ("order_status", "delivery-time")),  # katakana for hiragana
        ("ค่าสง", ["th"], ("order_status", "delivery-time")),  # without its tone mark
        ("versand", ["ja", "de"], ("order_status", "delivery-time")),  # in the market's other language
        ("versand", ["ja"], ()),
        ("versand", ["xx"], ()),
        ("versand nach wien", ["de"], ()),
        ("", ["de"], ()),
        ("?!", ["de"], ()),
        ("versand" * 20, ["de"], ()),
    ],
)
def test_a_bare_name_is_found(topics: Topics, text: str, languages: list[str], found: tuple[str, ...]) -> None:
    assert topics.find(text, languages) == found


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("liferung", "de", ("order_status", "delivery-time")),
        ("nachnamhe", "de", ("cash",)),
        ("설명써", "ko", ("device", "warranty")),
        ("kaput", "de", ("device", "warranty")),
        ("putt", "de", ()),
        ("liefern", "de", ()),  # two slips away, and too short for two
        ("versand nach wien", "de", ()),
        ("x" * 5_000, "de", ()),
    ],
)
def test_a_name_with_a_slip_is_found(topics: Topics, text: str, language: str, found: tuple[str, ...]) -> None:
    assert topics.find_near(text, [language]) == found


def test_between_two_topics_as_near_none_is_guessed(tmp_path: Path) -> None:
    topics = load_topics(write(tmp_path, de="delivery: [Rabatte]\ncash: [Rabatta]\n"))
    assert topics.find_near("rabatti", ["de"]) == ()


@pytest.mark.parametrize(
    ("choices", "names", "told"),
    [
        ("delivery: []\n", "delivery: [Versand]\n", "name one to 3"),
        ("delivery: [a, b, c, d]\n", "delivery: [Versand]\n", "name one to 3"),
        (CHOICES, "other: [Versand]\n", "is not in topics.yml"),
        (CHOICES, "delivery: [Versand]\ncash: [versánd]\n", "keep one of them"),
        (CHOICES, "delivery: ['?!']\n", "is no name"),
        (CHOICES, "- Versand\n", "the file must be"),
    ],
)
def test_faults_are_named(tmp_path: Path, choices: str, names: str, told: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_topics(write(tmp_path, choices, de=names))
    assert any(told in fault.message for fault in caught.value.faults)


def test_a_release_has_the_topics_and_an_unknown_choice_is_a_fault(tmp_path: Path) -> None:
    root = write_content(tmp_path / "content")
    write(root / "knowledge" / "data", "cash: [cash]\ndelivery: [delivery-time, nowhere]\n", de="cash: [Nachnahme]\n")
    content = load_content(root)
    assert from_json(to_json(content)).topics == content.topics
    assert ["'nowhere'" in fault.message for fault in lint(content).faults] == [True]


def test_content_without_topics_has_none(tmp_path: Path) -> None:
    content = load_content(write_content(tmp_path / "content"))
    assert content.topics == Topics()
    assert from_json(to_json(content)).topics == Topics()


@pytest.mark.parametrize("language", PROJECTS.names)
def test_every_language_names_every_topic(language: str) -> None:
    assert PROJECTS.names[language].keys() == PROJECTS.choices.keys()
