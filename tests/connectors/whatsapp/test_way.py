"""How a call may be made: the window, then templates, else a person is told."""

import pytest

from connectors.channel import Way
from connectors.delivery.errors import Hold
from connectors.whatsapp.templates import Registry
from connectors.whatsapp.way import way_of, window_left_s
from tests.connectors.whatsapp.support import account, registry, task, template

HOUR = 3_600.0
TEXT = {"type": "text", "text": {"body": "Hallo"}}
WORDS = "Hallo Ada, die Antwort ist da."
TEMPLATE = {"type": "template", "name": "reply_waiting", "parameters": ["Ada", "ORK-4821936"], "text": WORDS}
SENT = {
    "type": "template",
    "template": {
        "name": "answer_ready",
        "language": {"code": "de"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ada"}, {"type": "text", "text": "ORK-4821936"}]}
        ],
    },
}


def way(
    body: dict[str, object], silent_s: float | None, templates: Registry | None = None, locale: str = "de-DE"
) -> Way:
    return way_of(task(body, silent_s=silent_s), account(), templates or registry(template()), locale)


@pytest.mark.parametrize(
    ("silent_s", "left_s"),
    [
        (0.0, 24 * HOUR - 300),
        (-30.0, 24 * HOUR - 300),
        (23 * HOUR, HOUR - 300),
        (24 * HOUR - 301, 1.0),
        (24 * HOUR - 300, 0.0),
        (24 * HOUR, 0.0),
        (1e9, 0.0),
        (None, 0.0),
    ],
)
def test_the_window(silent_s: float | None, left_s: float) -> None:
    assert window_left_s(silent_s) == left_s
    if left_s:
        assert way(TEXT, silent_s) == Way("session", "free")
    else:
        with pytest.raises(Hold) as held:
            way(TEXT, silent_s)
        assert held.value.code == "window_closed"
        assert "template" in held.value.remedy


def test_inside_the_window_a_template_is_said_in_words_for_free() -> None:
    message = {"type": "text", "text": {"body": WORDS, "preview_url": False}}
    assert way(TEMPLATE, 60) == Way("session", "free", {"message": message})


@pytest.mark.parametrize(
    ("category", "silent_s", "name", "cost"),
    [
        ("utility", 60.0, "session", "free"),
        ("marketing", 60.0, "session", "template"),
        ("authentication", 60.0, "session", "template"),
        ("utility", None, "template", "template"),
        ("utility", 25 * HOUR, "template", "template"),
        ("marketing", 25 * HOUR, "template", "template"),
    ],
)
def test_a_template_and_what_it_costs(category: str, silent_s: float | None, name: str, cost: str) -> None:
    body = {key: value for key, value in TEMPLATE.items() if key != "text"}
    found = way(body, silent_s, registry(template(category=category)))
    assert (found.name, found.cost, found.detail["message"]) == (name, cost, SENT)
    assert found.detail["shown"] == "Hallo Ada, die Antwort zu ORK-4821936 ist da."


def test_outside_the_window_the_words_give_way_to_the_template() -> None:
    assert way(TEMPLATE, None).detail["message"] == SENT


@pytest.mark.parametrize(
    ("changes", "templates", "locale", "code"),
    [
        ({}, registry(), "de-DE", "template_missing"),
        ({}, registry(template(language="en")), "de-DE", "template_missing"),
        ({}, registry(template(language="pt_PT")), "pt-BR", "template_missing"),
        ({}, registry(template(business_account="9")), "de-DE", "template_missing"),
        ({}, registry(template(status="paused", reason="low quality")), "de-DE", "template_not_approved"),
        ({}, registry(template(status="pending")), "de-DE", "template_not_approved"),
        ({}, registry(template(beyond="a file in its header")), "de-DE", "template_beyond"),
        ({"name": "nothing_like_it"}, registry(template()), "de-DE", "template_missing"),
        ({"name": None}, registry(template()), "de-DE", "template_missing"),
        ({"parameters": ["Ada"]}, registry(template()), "de-DE", "template_parameters"),
        ({"parameters": ["Ada", " \n "]}, registry(template()), "de-DE", "template_parameters"),
        ({"parameters": ["Ada", "1", "2"]}, registry(template()), "de-DE", "template_parameters"),
        ({"parameters": "Ada"}, registry(template()), "de-DE", "template_parameters"),
        ({"parameters": ["x" * 1_000, "ORK"]}, registry(template()), "de-DE", "template_too_long"),
    ],
)
def test_what_cannot_be_sent_is_held_with_a_reason(
    changes: dict[str, object], templates: Registry, locale: str, code: str
) -> None:
    with pytest.raises(Hold) as held:
        way({**TEMPLATE, **changes}, None, templates, locale)
    assert held.value.code == code
    assert held.value.reason
    assert held.value.remedy.endswith(".")
