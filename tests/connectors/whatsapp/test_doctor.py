"""The templates as Meta has them, and whether a number is ready."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from connectors.delivery.errors import Refused
from connectors.whatsapp import template_sync
from connectors.whatsapp.doctor import examine
from connectors.whatsapp.template_sync import sync, template_of
from connectors.whatsapp.templates import Registry
from tests.connectors.whatsapp.support import account, channel, graph_error, registry, template

NOW = datetime(2026, 11, 22, 13, 0, 0, tzinfo=UTC)
DATE = {"date": "Sun, 22 Nov 2026 13:00:05 GMT"}
BODY = {"type": "BODY", "text": "Hallo {{1}}, die Antwort zu {{2}} ist da."}
NUMBER = {
    "display_phone_number": "+49 151 1",
    "status": "CONNECTED",
    "quality_rating": "GREEN",
    "throughput": {"level": "STANDARD"},
}
APPS = {"data": [{"whatsapp_business_api_data": {"id": "1", "name": "Aftersail"}}]}


def item(name: str = "answer_ready", **given: Any) -> dict[str, Any]:
    """A template as the API lists it."""
    values = {"name": name, "language": "de", "status": "APPROVED", "category": "UTILITY", "components": [BODY]}
    return {**values, **given}


class Meta:
    """The API's management side; a page holds one template."""

    def __init__(self, *templates: dict[str, Any], **answers: httpx.Response) -> None:
        self.templates, self.answers = templates, answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        kind = request.url.path.rsplit("/", 1)[-1]
        if kind in self.answers:
            return self.answers[kind]
        if kind == "message_templates":
            return self._page(int(request.url.params.get("after", "0")))
        return httpx.Response(200, json=APPS if kind == "subscribed_apps" else NUMBER, headers=DATE)

    def _page(self, start: int) -> httpx.Response:
        more = start + 1 < len(self.templates)
        paging = {
            "cursors": {"after": str(start + 1)},
            **({"next": "https://graph.test/?access_token=x"} if more else {}),
        }
        return httpx.Response(200, json={"data": list(self.templates[start : start + 1]), "paging": paging})


async def test_every_page_is_read_by_its_cursor() -> None:
    meta = Meta(*(item(f"t{index}") for index in range(5)), {"name": "", "components": 7})
    found = await sync(channel(meta).graph, account())
    assert [each.name for each in found] == [f"t{index}" for index in range(5)]
    assert all("access_token" not in str(request.url) for request in meta.asked)
    assert found[0].body == BODY["text"]
    assert (found[0].status, found[0].category, found[0].business_account) == ("approved", "utility", "102290129340398")


async def test_pages_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_sync, "MAX_PAGES", 3)
    with pytest.raises(Refused, match="too_many_templates"):
        await sync(channel(Meta(*[item()] * 9)).graph, account())


@pytest.mark.parametrize(
    ("component", "beyond"),
    [
        ({"type": "FOOTER", "text": "Orikka"}, ""),
        ({"type": "HEADER", "format": "TEXT", "text": "Orikka"}, ""),
        ({"type": "HEADER", "format": "IMAGE"}, "a file in its header"),
        ({"type": "HEADER", "format": "TEXT", "text": "{{1}}"}, "a parameter in its header"),
        ({"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://o.test/{{1}}"}]}, "a parameter in a button"),
        ({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ja"}]}, ""),
        ({"type": "CAROUSEL", "cards": []}, "parts that are no text"),
    ],
)
def test_templates_that_need_more_than_words(component: dict[str, Any], beyond: str) -> None:
    found = template_of(item(components=[BODY, component]), "1")
    assert found
    assert found.beyond == beyond


def test_buttons_keep_their_place() -> None:
    buttons = [
        {"type": "URL", "text": "Shop", "url": "https://o.test"},
        {"type": "QUICK_REPLY", "text": "Antwort lesen"},
    ]
    found = template_of(item(components=[BODY, {"type": "BUTTONS", "buttons": buttons}]), "1")
    assert found
    assert [(each.title, each.type) for each in found.buttons] == [("Shop", "other"), ("Antwort lesen", "quick_reply")]


def test_states_and_reasons() -> None:
    found = template_of(item(status="REJECTED", rejected_reason="INVALID_FORMAT", parameter_format="NAMED"), "1")
    assert found
    assert (found.status, found.reason, found.format) == ("rejected", "INVALID_FORMAT", "named")
    strange = template_of(item(status="TOMORROW", category=7, rejected_reason="NONE"), "1")
    assert strange
    assert (strange.status, strange.category, strange.reason) == ("unknown", "unknown", "")


async def checks(meta: Meta, known: Registry | None = None, now: datetime = NOW) -> dict[str, tuple[bool, str]]:
    """Findings by name."""
    found = await examine(channel(meta).graph, account(), known or registry(template()), ["de-DE"], lambda: now)
    return {finding.name.removeprefix("whatsapp orikka-de: "): (finding.ok, finding.text) for finding in found}


async def test_all_is_well() -> None:
    found = await checks(Meta(item()))
    assert {name: ok for name, (ok, _) in found.items()} == {
        "number and token": True,
        "clock": True,
        "webhook subscription": True,
        "templates": True,
    }
    assert "+49 151 1" in found["number and token"][1]
    assert "Aftersail" in found["webhook subscription"][1]


@pytest.mark.parametrize(
    ("meta", "known", "now", "name", "part"),
    [
        (
            Meta(item(), **{"106540352242922": httpx.Response(401, json=graph_error(190))}),
            None, NOW, "number and token", "new system-user token",
        ),
        (
            Meta(item(), **{"106540352242922": httpx.Response(200, json={**NUMBER, "status": "BANNED"}, headers=DATE)}),
            None, NOW, "number and token", "WhatsApp Manager",
        ),
        (
            Meta(item(), **{"106540352242922": httpx.Response(200, json={**NUMBER, "quality_rating": "RED"})}),
            None, NOW, "number and token", "stop sending",
        ),
        (Meta(item()), None, NOW.replace(minute=9), "clock", "timedatectl"),
        (Meta(item(), **{"106540352242922": httpx.Response(200, json=NUMBER)}), None, NOW, "clock", "no time"),
        (
            Meta(item(), subscribed_apps=httpx.Response(200, json={"data": []})),
            None, NOW, "webhook subscription", "subscribed_apps",
        ),
        (
            Meta(item(), subscribed_apps=httpx.Response(403, json=graph_error(10))),
            None, NOW, "webhook subscription", "whatsapp_business_management",
        ),
        (Meta(item(status="PAUSED")), None, NOW, "templates", "reply_waiting in de-DE: paused"),
        (Meta(item(language="en")), None, NOW, "templates", "reply_waiting in de-DE: missing"),
        (Meta(item()), registry(template(status="pending")), NOW, "templates", "aftersail channels templates"),
    ],
)  # fmt: skip
async def test_what_is_wrong_comes_with_what_to_do(
    meta: Meta, known: Registry | None, now: datetime, name: str, part: str
) -> None:
    ok, text = (await checks(meta, known, now))[name]
    assert not ok
    assert part in text


async def test_the_template_that_we_send_ourselves_is_wanted_without_any_purpose() -> None:
    ok, text = (await checks(Meta(), Registry()))["templates"]
    assert not ok
    assert "reply_waiting in de-DE: missing" in text
