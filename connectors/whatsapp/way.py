"""How a call may be made now: free words inside the window, an approved template outside it, else not at all. Pure."""

from collections.abc import Mapping
from typing import Any

from connectors.channel import Task, Way
from connectors.delivery.errors import Hold
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.send import in_words, is_template
from connectors.whatsapp.templates import Registry, message_of, shown, values_of

WINDOW_S = 24 * 3_600.0
MARGIN_S = 5 * 60.0  # the vendor's clock and the way there: better a template too early than a message lost
FREE_IN_WINDOW = ("utility",)  # categories of templates that cost nothing inside the window


def window_left_s(silent_s: float | None) -> float:
    """Seconds for which free text may still be sent to a person who has been silent so long; 0.0: a template only."""
    return 0.0 if silent_s is None else max(0.0, WINDOW_S - MARGIN_S - max(silent_s, 0.0))


def way_of(task: Task, account: WhatsAppAccount, registry: Registry, locale: str) -> Way:
    """How to make the call; `detail["message"]` is what to send in place of the planned body, when there is one.

    `locale`: BCP 47, of the account's market and the task's language. Raises Hold: window_closed, template_missing,
    template_not_approved, template_parameters, template_too_long.
    """
    is_open = window_left_s(task.silent_s) > 0
    if not is_template(task.body):
        if is_open:
            return Way("session", "free")
        raise _closed(task.silent_s)
    words = in_words(task.body)
    if is_open and words:
        return Way("session", "free", {"message": words})
    return _by_template(task.body, account, registry, locale, is_open)


def _by_template(
    body: Mapping[str, Any], account: WhatsAppAccount, registry: Registry, locale: str, is_open: bool
) -> Way:
    name = str(body.get("name") or body.get("purpose") or "")
    template = registry.choose(name, locale, account.business_account_id)
    values = values_of(template, body.get("parameters", ()))
    named = {"template": template.name, "language": template.language, "category": template.category}
    detail = {
        "message": message_of(template, values, registry.payloads.get(template.name) or body.get("payloads", ())),
        "shown": shown(template, values),
        **named,
    }
    free = is_open and template.category in FREE_IN_WINDOW
    return Way("session" if is_open else "template", "free" if free else "template", detail)


def _closed(silent_s: float | None) -> Hold:
    since = "the person never wrote to this number" if silent_s is None else f"silent for {silent_s / 3600:.1f} hours"
    return Hold(
        "window_closed",
        f"WhatsApp takes free text only within 24 hours of the person's last message ({since})",
        "Send an approved template, or wait until the person writes.",
    )
