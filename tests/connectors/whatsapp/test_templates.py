"""The registry: exactly this locale, exactly these parameters, what the customer will read."""

import textwrap
from pathlib import Path

import pytest

from connectors.events import Notice
from connectors.whatsapp import template_file
from connectors.whatsapp.parse import parse
from connectors.whatsapp.template_file import TemplateFile, dump_registry, load_registry
from connectors.whatsapp.template_sync import merged, with_notice
from connectors.whatsapp.templates import Registry, clean_parameter, message_of, shown, values_of
from core.errors import ContentError
from tests.connectors.whatsapp.support import SAMPLES, registry, template

CODES = ("de", "pt_BR", "pt_PT", "en", "en_US", "en_GB", "es", "es_MX", "zh_CN", "zh_TW", "zh_HK", "id", "ar")


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("de-DE", "de"), ("de", "de"), ("pt-BR", "pt_BR"), ("pt-PT", "pt_PT"), ("pt", "pt_BR"), ("pt-AO", None),
        ("en-US", "en_US"), ("en-GB", "en_GB"), ("en-SG", "en"), ("es-MX", "es_MX"), ("es-ES", "es"),
        ("zh-Hant-TW", "zh_TW"), ("zh-Hant", "zh_TW"), ("zh-Hans-SG", "zh_CN"), ("zh", "zh_CN"),
        ("zh-Hant-HK", "zh_HK"), ("zh-HK", "zh_HK"), ("ar-SA", "ar"), ("id-ID", "id"), ("ja-JP", None), ("th-TH", None),
        ("", None), ("x y", None), ("de_DE", "de"),
    ],
)  # fmt: skip
def test_the_exact_locale_and_no_other(locale: str, code: str | None) -> None:
    known = registry(*(template(language=each) for each in CODES))
    found = known.find("reply_waiting", locale, "1")
    assert (found.language if found else None) == code


def test_a_name_serves_as_well_as_a_purpose() -> None:
    assert registry(template()).choose("answer_ready", "de-DE", "1") == template()


def test_what_meta_says_of_an_account_goes_before_what_was_written_by_hand() -> None:
    known = merged(registry(template()), "1", [template(business_account="1", status="paused", parameters=[])])
    assert [
        each.status for each in (known.find("answer_ready", "de", "1"), known.find("answer_ready", "de", "2")) if each
    ] == [
        "paused",
        "approved",
    ]
    assert known.find("answer_ready", "de", "1").parameters == ("name", "order")  # type: ignore[union-attr]
    assert merged(known, "1", []).find("answer_ready", "de", "1") is None


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("Ada", "Ada"), ("  Ada \n Lovelace\t ", "Ada Lovelace"), ("a     b", "a b"), ("a\r\n\r\nb", "a b"),
        ("a\u2028b\u0085c", "a b c"), ("a\u00a0\u00a0\u00a0\u00a0b", "a b"), ("1\u202f299\u00a0€", "1\u202f299\u00a0€"),
        ("\u200fORK-4821936", "\u200fORK-4821936"), ("👩\u200d👧", "👩\u200d👧"), ("a\u0000b", "ab"), (12, "12"),
    ],
)  # fmt: skip
def test_parameters_are_written_as_meta_takes_them(value: object, clean: str) -> None:
    assert clean_parameter(value) == clean


def test_a_value_that_looks_like_a_placeholder_stays() -> None:
    values = values_of(template(), ["{{2}}", "ORK"])
    assert shown(template(), values) == "Hallo {{2}}, die Antwort zu ORK ist da."


def test_named_parameters_header_and_footer() -> None:
    named = template(
        format="named", header="Orikka", body="Olá {{ nome }}, {{pedido}} chegou. {{nome}}!", footer="Até já"
    )
    values = values_of(named, ["Ana", "ORK"])
    assert shown(named, values) == "Orikka\n\nOlá Ana, ORK chegou. Ana!\n\nAté já"
    parameters = message_of(named, values)["template"]["components"][0]["parameters"]
    assert [each["parameter_name"] for each in parameters] == ["nome", "pedido"]


def test_placeholders_count_as_numbers() -> None:
    many = template(body=" ".join(f"{{{{{index}}}}}" for index in (2, 10, 1, 9, 3, 4, 5, 6, 7, 8)))
    assert many.placeholders == tuple(map(str, range(1, 11)))


def test_quick_replies_bring_our_payload_back() -> None:
    known = template(buttons=[{"title": "Shop", "type": "other"}, {"title": "Antwort lesen"}, {"title": "Später"}])
    components = message_of(known, ("Ada", "ORK"), ("read_answer",))["template"]["components"]
    assert components[1:] == [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "1",
            "parameters": [{"type": "payload", "payload": "read_answer"}],
        }
    ]
    assert registry(known).payloads["answer_ready"] == ("read_answer",)


def test_no_parameters_no_components() -> None:
    plain = template(body="Ihre Antwort ist da.", parameters=[])
    assert message_of(plain, values_of(plain, []))["template"]["components"] == []


# --- the file

TEXT = """\
purposes: {reply_waiting: answer_ready}
payloads: {answer_ready: [read_answer]}
templates:
  - {name: answer_ready, language: de, status: approved, category: utility, parameters: [name], body: "Hallo {{1}}"}
  - {name: answer_ready, language: zh_TW, body: "您好"}
"""


def test_the_file_is_read_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "templates.yml"
    path.write_text(TEXT)
    known = load_registry(path)
    assert known.choose("reply_waiting", "de-DE", "1").body == "Hallo {{1}}"
    assert known.find("reply_waiting", "zh-Hant-TW", "1").status == "unknown"  # type: ignore[union-attr]
    path.write_text(dump_registry(known))
    assert load_registry(path) == known
    assert "您好" in path.read_text()


def test_the_example_in_the_readme_works(tmp_path: Path) -> None:
    page = (Path(template_file.__file__).parent / "README.md").read_text()
    block = next(part for part in page.split("```yaml") if "purposes:" in part).split("```")[0]
    path = tmp_path / "templates.yml"
    path.write_text(textwrap.dedent(block))
    known = load_registry(path)
    found = known.choose("reply_waiting", "de-DE", "102290129340398")
    assert message_of(found, values_of(found, ["Orikka"]), known.payloads[found.name])["template"]["components"][1]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (TEXT.replace("utility", "useful"), "templates.yml:4: category"),
        (TEXT.replace("zh_TW", "zh-TW"), "templates.yml:5: language"),
        ("[1]", "templates.yml:0"),
        ("colour: red", "colour"),
        ("templates: 7", "templates"),
        ("templates: [7]", "templates.yml:0"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "templates.yml"
    path.write_text(text)
    with pytest.raises(ContentError) as caught:
        load_registry(path)
    assert part in str(caught.value)


def test_no_file_is_an_empty_registry(tmp_path: Path) -> None:
    assert load_registry(None).templates == load_registry(tmp_path / "none.yml").templates == ()


def test_an_edit_is_live_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "templates.yml"
    path.write_text(TEXT)
    file = TemplateFile(path)
    for text, status in ((TEXT.replace("approved", "paused"), "paused"), ("{", "paused"), (TEXT + "\n", "approved")):
        fresh = tmp_path / "new.yml"
        fresh.write_text(text)
        fresh.replace(path)
        found = file().find("reply_waiting", "de", "1")
        assert found
        assert found.status == status


# --- webhooks about templates


def _notice(sample: str) -> Notice:
    (event,) = parse((SAMPLES / f"{sample}.json").read_bytes())
    assert isinstance(event.what, Notice)
    return event.what


def test_a_webhook_changes_the_state_of_one_template(tmp_path: Path) -> None:
    path = tmp_path / "templates.yml"
    waba = {"business_account": "102290129340398"}
    known = Registry(
        (
            template(name="abandoned_cart", language="en", **waba),
            template(name="abandoned_cart", language="en_US", **waba),
            template(name="order_confirmation", language="en_US", status="pending", **waba),
            template(name="order_confirmation", language="en_US", status="pending", business_account="2"),
        )
    )
    path.write_text(dump_registry(known))
    file = TemplateFile(path)
    assert file.apply(_notice("template_status_update.rejected"))
    assert file.apply(_notice("template_status_update.approved"))
    assert not file.apply(_notice("template_status_update.approved"))
    assert not file.apply(_notice("template_quality_update.yellow"))
    assert not file.apply(_notice("call_status"))
    states = [(each.status, each.reason[:13]) for each in load_registry(path).templates]
    assert states == [("rejected", "Your template"), ("approved", ""), ("approved", ""), ("pending", "")]


@pytest.mark.parametrize(
    ("event", "status"),
    [("PAUSED", "paused"), ("DISABLED", "disabled"), ("REINSTATED", "approved"), ("PENDING_DELETION", "deleted"),
     ("FLAGGED", "approved"), ("", "approved")],
)  # fmt: skip
def test_states(event: str, status: str) -> None:
    value = {"event": event, "message_template_name": "answer_ready", "message_template_language": "de"}
    notice = Notice("message_template_status_update", {"value": value, "business_account": "1"})
    assert with_notice(registry(template()), notice).templates[0].status == status


def test_category_and_words_follow_the_webhook() -> None:
    about = {"message_template_name": "answer_ready", "message_template_language": "de"}
    category = Notice("template_category_update", {"value": {**about, "new_category": "MARKETING"}})
    words = Notice("message_template_components_update", {"value": {**about, "message_template_element": "Neu {{1}}"}})
    changed = with_notice(with_notice(registry(template()), category), words).templates[0]
    assert (changed.category, changed.body) == ("marketing", "Neu {{1}}")
