"""Accounts, webhook bodies and a channel over a scripted vendor."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from connectors.channel import Task
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.channel import WhatsAppChannel
from connectors.whatsapp.templates import Registry, Template

SAMPLES = Path(__file__).parent / "samples"
SECRET = "test_app_secret"
TOKEN = "EAAtokenTOKENtoken"
LOCALES = {"zh": "zh_CN", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW", "pt": "pt_BR"}


def account(**given: Any) -> WhatsAppAccount:
    """A number of ours."""
    values = {
        "name": "orikka-de",
        "market": "DE",
        "phone_number_id": "106540352242922",
        "business_account_id": "102290129340398",
        "access_token": TOKEN,
        "app_secret": SECRET,
        "verify_token": "our-own-word",
        "api_url": "https://graph.test/v24.0",
    }
    return WhatsAppAccount.model_validate({**values, **given})


def body(*messages: Any, contacts: list[Any] | None = None, **value: Any) -> bytes:
    """A webhook with messages."""
    inside = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
        **({"contacts": contacts} if contacts is not None else {}),
        **({"messages": list(messages)} if messages else {}),
        **value,
    }
    entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": inside}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def message(kind: str = "text", **fields: Any) -> dict[str, Any]:
    """A message from one person."""
    first = {"from": "16505551234", "id": "wamid.A", "timestamp": "1749416383", "type": kind}
    return {**first, **({"text": {"body": "Hi"}} if kind == "text" else {}), **fields}


def task(body: dict[str, Any] | None = None, **given: Any) -> Task:
    """A call to make now."""
    values: dict[str, Any] = {
        "id": "delivery-1",
        "key": "0b0e7a5e-0000-4000-8000-000000000001",
        "body": body or {"type": "text", "text": {"body": "Hallo"}},
        "account": "orikka-de",
        "address": {"wa_id": "16505551234"},
        "language": "de",
        "human": False,
        "silent_s": 60.0,
        "token": None,
    }
    return Task(**{**values, **given})


def template(**given: Any) -> Template:
    """An approved template."""
    values = {
        "name": "answer_ready",
        "language": "de",
        "status": "approved",
        "category": "utility",
        "parameters": ["name", "order"],
        "body": "Hallo {{1}}, die Antwort zu {{2}} ist da.",
    }
    return Template.model_validate({**values, **given})


def registry(*templates: Template) -> Registry:
    """The registry with one purpose."""
    return Registry(templates, {"reply_waiting": "answer_ready"}, {"answer_ready": ("read_answer",)}, LOCALES)


def channel(
    answer: Callable[[httpx.Request], httpx.Response], templates: Registry | None = None, **given: Any
) -> WhatsAppChannel:
    """The channel over a vendor that answers with `answer`; one locale per language."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    found = templates or registry(template())
    locales = {"de": "de-DE", "pt": "pt-BR", "zh": "zh-Hans-SG", "zh-Hant": "zh-Hant-TW"}
    return WhatsAppChannel(
        [account(**given)], client, lambda: found, lambda _market, language: locales.get(language, language)
    )


def graph_error(code: int, message: str = "told by the vendor", **more: Any) -> dict[str, Any]:
    """The body of an error."""
    return {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A", **more}}
