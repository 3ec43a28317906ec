"""What we send is what pywa, a WhatsApp client by others, sends for the same message."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pywa import WhatsApp
from pywa.types import Button, Section, SectionList, SectionRow
from pywa.types.templates import BodyText, QuickReplyButton, TemplateLanguage

from connectors.channel import Choice, Outgoing, Task, Words
from connectors.whatsapp.render import plan
from tests.connectors.whatsapp.support import account, channel, registry, template

USER = "4915112345678"
WORDS = Words("Optionen", "Antworten Sie mit einer Nummer:")
TEXT = "Welche Bestellung meinen Sie?"
TITLES = ("ORK-1803451", "ORK-2244668", "ORK-9911772", "Keine davon")
OURS = {"biz_opaque_callback_data"}


def outgoing(*titles: str, **more: Any) -> Outgoing:
    """A message with choices."""
    choices = tuple(Choice(f"m:{number}", title) for number, title in enumerate(titles))
    return Outgoing("m", TEXT, "de", choices=choices, **more)


def pywa_sends(send: Callable[[WhatsApp], object]) -> dict[str, Any]:
    """The body of pywa's request."""
    bodies: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"contacts": [{"input": USER, "wa_id": USER}], "messages": [{"id": "wamid.1"}]})

    session = httpx.Client(transport=httpx.MockTransport(answer), base_url="https://graph.test/v24.0")
    send(WhatsApp(account().phone_number_id, "simulated-token", session=session))
    return bodies[-1]


async def we_send(row: Outgoing, silent_s: float = 60.0) -> dict[str, Any]:
    """The body of our request for the same message."""
    bodies: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"contacts": [{"input": USER, "wa_id": USER}], "messages": [{"id": "wamid.1"}]})

    ours = channel(answer, registry(template(body="{{1}} hat eine Antwort.", parameters=("brand",))))
    (planned,) = plan([row], WORDS)
    name = next(iter(ours.accounts))
    task = Task("t", "k", planned.body, name, {"id": USER}, "de", False, silent_s, None)
    await ours.send(task, ours.way(task))
    return {key: value for key, value in bodies[-1].items() if key not in OURS}


def plain(body: dict[str, Any]) -> dict[str, Any]:
    """Without what may differ: the + of a number, an empty title of a list's only section."""
    body = json.loads(json.dumps(body))
    body["to"] = body["to"].removeprefix("+")
    for section in body.get("interactive", {}).get("action", {}).get("sections", []):
        section.pop("title", None)
    return body


@pytest.mark.parametrize(
    ("row", "send"),
    [
        (outgoing(), lambda pywa: pywa.send_message(USER, TEXT)),
        (
            outgoing(*TITLES[:3]),
            lambda pywa: pywa.send_message(USER, TEXT, buttons=[Button(t, f"m:{n}") for n, t in enumerate(TITLES[:3])]),
        ),
        (
            outgoing(*TITLES),
            lambda pywa: pywa.send_message(
                USER,
                TEXT,
                buttons=SectionList("Optionen", [Section("", [SectionRow(t, f"m:{n}") for n, t in enumerate(TITLES)])]),
            ),
        ),
    ],
)
async def test_the_same_message_is_the_same_request(row: Outgoing, send: Callable[[WhatsApp], object]) -> None:
    assert plain(await we_send(row)) == plain(pywa_sends(send))


async def test_the_same_template_is_the_same_request() -> None:
    row = outgoing(template={"name": "reply_waiting", "parameters": ["Orikka"], "payloads": ["read_answer"]})
    params = [BodyText.params("Orikka"), QuickReplyButton.params(callback_data="read_answer", index=0)]
    theirs = pywa_sends(lambda pywa: pywa.send_template(USER, "answer_ready", TemplateLanguage.GERMAN, params))
    ours = plain(await we_send(row, silent_s=100_000.0))
    assert ours["template"]["name"] == theirs["template"]["name"]
    assert ours["template"]["language"] == {"code": theirs["template"]["language"]["code"]}
    mine, other = (sent["template"]["components"][0] for sent in (ours, theirs))
    assert mine == {**other, "type": str(other["type"]).lower()}  # Meta's own examples write it in lower case
