"""Templates as Meta has them: read by pages, merged into the registry, kept current by webhooks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from pydantic import ValidationError

from connectors.delivery.errors import Refused
from connectors.events import Notice
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.client import Graph
from connectors.whatsapp.templates import Button, Category, Registry, Status, Template
from connectors.whatsapp.wire import mapping, objects, words

MAX_PAGES = 200
PAGE_SIZE = 100
FIELDS = "name,language,status,category,components,parameter_format,rejected_reason"
# Events that say a state in another word; any other event is a state by its own name, or changes nothing.
_STATES: Mapping[str, Status] = {"reinstated": "approved", "pending_deletion": "deleted", "locked": "disabled"}
_PLACEHOLDER = re.compile(r"\{\{")


async def sync(graph: Graph, account: WhatsAppAccount) -> tuple[Template, ...]:
    """Every template of the account's business account as Meta has it now. Raises DeliveryError."""
    path = f"{account.business_account_id}/message_templates"
    params = {"fields": FIELDS, "limit": str(PAGE_SIZE)}
    found: list[Template] = []
    for _ in range(MAX_PAGES):
        answer = await graph.get(account, path, params)
        found += [
            template
            for item in objects(answer.body.get("data"), PAGE_SIZE * 10)
            if (template := template_of(item, account.business_account_id))
        ]
        # The cursor, not the address beside it: that one carries the token.
        after = words(mapping(mapping(answer.body.get("paging")).get("cursors")).get("after"), 2_048)
        if not after or not mapping(answer.body.get("paging")).get("next"):
            return tuple(found)
        params = {**params, "after": after}
    raise Refused("too_many_templates", f"more than {MAX_PAGES} pages", "Delete templates that are not used any more.")


def template_of(item: Mapping[str, Any], business_account: str) -> Template | None:
    """One template of the API; None when it has no name or no text (one-time codes are written by Meta itself)."""
    parts = {words(part.get("type"), 32).upper(): part for part in objects(item.get("components"))}
    header = parts.get("HEADER", {})
    rejected = words(item.get("rejected_reason"), 500)
    try:
        return Template(
            name=words(item.get("name"), 512),
            language=words(item.get("language"), 16),
            status=_state(item.get("status"), "unknown"),
            category=_category(item.get("category"), "unknown"),
            format="named" if words(item.get("parameter_format"), 16).lower() == "named" else "positional",
            header=words(header.get("text"), 60),
            body=words(parts.get("BODY", {}).get("text"), 1_024),
            buttons=_buttons(parts.get("BUTTONS", {})),
            footer=words(parts.get("FOOTER", {}).get("text"), 60),
            reason="" if rejected == "NONE" else rejected,
            beyond=_beyond(parts),
            business_account=business_account,
        )
    except ValidationError:
        return None


def merged(registry: Registry, business_account: str, found: Sequence[Template]) -> Registry:
    """The registry with exactly `found` for the business account; names of parameters written by hand stay."""
    names = {(each.name, each.language): each.parameters for each in registry.templates if each.parameters}
    named = [each.model_copy(update={"parameters": names.get((each.name, each.language), ())}) for each in found]
    others = [each for each in registry.templates if each.business_account != business_account]
    synced = tuple(dict.fromkeys((*registry.synced, business_account)))
    return replace(registry, templates=(*others, *named), synced=synced)


def with_notice(registry: Registry, notice: Notice) -> Registry:
    """The registry after a webhook about a template; the same one when the notice is about something else."""
    value = mapping(notice.details.get("value"))
    change = _change(notice.topic, value)
    name, language = value.get("message_template_name"), value.get("message_template_language")
    account = notice.details.get("business_account")
    return replace(
        registry,
        templates=tuple(
            each.model_copy(update=change)
            if change and (each.name, each.language) == (name, language) and each.business_account in ("", account)
            else each
            for each in registry.templates
        ),
    )


def _change(topic: str, value: Mapping[str, Any]) -> dict[str, Any]:
    if topic == "message_template_status_update":
        state = _state(value.get("event"), None)
        told = mapping(value.get("rejection_info")).get("reason") or value.get("reason")
        reason = words(told, 500)
        return {"status": state, "reason": "" if reason == "NONE" else reason} if state else {}
    if topic == "template_category_update":
        category = _category(value.get("new_category"), None)
        return {"category": category} if category else {}
    if topic == "message_template_components_update":
        body = words(value.get("message_template_element"), 1_024)
        return {"body": body} if body else {}
    return {}


def _state(value: Any, otherwise: Status | None) -> Any:
    name = words(value, 32).lower()
    return _STATES.get(name) or (cast(Status, name) if name in get_args(Status) else otherwise)


def _category(value: Any, otherwise: Category | None) -> Any:
    name = words(value, 32).lower()
    return cast(Category, name) if name in get_args(Category) else otherwise


def _buttons(part: Mapping[str, Any]) -> tuple[Button, ...]:
    return tuple(
        Button(
            title=words(button.get("text"), 25),
            type="quick_reply" if words(button.get("type"), 32).upper() == "QUICK_REPLY" else "other",
        )
        for button in objects(part.get("buttons"), 10)
    )


def _beyond(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """What the template needs beyond words in its body; empty: nothing."""
    header = parts.get("HEADER", {})
    if words(header.get("format"), 32).upper() not in ("", "TEXT"):
        return "a file in its header"
    if _PLACEHOLDER.search(words(header.get("text"), 60)):
        return "a parameter in its header"
    for button in objects(parts.get("BUTTONS", {}).get("buttons")):
        kind = words(button.get("type"), 32).upper()
        if _PLACEHOLDER.search(words(button.get("url"), 2_048)) or kind in ("OTP", "COPY_CODE", "FLOW"):
            return "a parameter in a button"
    return "" if set(parts) <= {"HEADER", "BODY", "FOOTER", "BUTTONS"} else "parts that are no text"
