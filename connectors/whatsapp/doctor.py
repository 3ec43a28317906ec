"""Is the number ready: token, webhook, clock, templates. Each check says what to do."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from connectors.delivery.errors import DeliveryError
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.client import Answer, Graph
from connectors.whatsapp.template_sync import sync
from connectors.whatsapp.templates import APPROVED, REPLY_WAITING, Registry, Template
from connectors.whatsapp.wire import mapping, objects, words

NUMBER_FIELDS = "display_phone_number,verified_name,quality_rating,status,throughput"
MAX_CLOCK_S = 60.0  # the 24 hours of the window are counted with five minutes to spare


class Finding(NamedTuple):
    """One thing that was checked; `text` says what was found, and what to do when it is wrong."""

    name: str
    ok: bool
    text: str


async def examine(
    graph: Graph,
    account: WhatsAppAccount,
    registry: Registry,
    locales: Iterable[str],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Finding]:
    """Everything that can be checked from outside; `locales`: BCP 47, in which the account's market is served."""
    findings = []
    try:
        path = account.phone_number_id
        answer = await graph.get(account, path, {"fields": NUMBER_FIELDS})
        findings += [number_finding(answer), clock_finding(answer, now())]
    except DeliveryError as error:
        findings.append(_failed("number and token", error))
    findings.append(await _checked("webhook subscription", lambda: _subscription(graph, account)))
    findings.append(await _checked("templates", lambda: _templates(graph, account, registry, tuple(locales))))
    return [finding._replace(name=f"whatsapp {account.name}: {finding.name}") for finding in findings]


def number_finding(answer: Answer) -> Finding:
    """Whether the number can send; its quality and throughput for the operator."""
    state = words(answer.body.get("status"), 64).upper()
    quality = words(answer.body.get("quality_rating"), 64).upper()
    shown = words(answer.body.get("display_phone_number"), 64)
    level = words(mapping(answer.body.get("throughput")).get("level"), 64).lower()
    told = f"{shown}, state {state or 'not told'}, quality {quality or 'not told'}, throughput {level or 'not told'}"
    if state not in ("", "CONNECTED"):
        return Finding("number and token", False, f"{told}. Mend the number in WhatsApp Manager > Phone numbers.")
    if quality == "RED":
        return Finding(
            "number and token", False, f"{told}. People block or report it: stop sending on our own account."
        )
    return Finding("number and token", True, told)


def clock_finding(answer: Answer, now: datetime) -> Finding:
    """Whether our clock and the vendor's agree."""
    try:
        difference = (now - parsedate_to_datetime(answer.headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError):
        return Finding("clock", False, "the vendor told no time; compare the machine's clock with a time server.")
    if abs(difference) > MAX_CLOCK_S:
        text = (
            f"the machine's clock is {difference:+.0f} s off; switch on time synchronisation (timedatectl set-ntp 1)."
        )
        return Finding("clock", False, text)
    return Finding("clock", True, f"{abs(difference):.0f} s apart")


def template_finding(
    found: Sequence[Template], registry: Registry, locales: Sequence[str], business_account: str
) -> Finding:
    """Whether every purpose has an approved template in every locale."""
    now = replace(registry, templates=tuple(found), synced=(business_account,))
    purposes = tuple(dict.fromkeys((REPLY_WAITING, *registry.purposes)))
    wrong = [
        f"{purpose} in {locale}: {each.status if each else 'missing'}"
        for purpose in purposes
        for locale in locales
        if (each := now.find(purpose, locale, business_account)) is None or each.status != APPROVED or each.beyond
    ]
    if wrong:
        text = f"{'; '.join(wrong)}. Have them approved in WhatsApp Manager; until then messages outside 24 hours wait."
        return Finding("templates", False, text)
    known = {(each.name, each.language): each.status for each in registry.of(business_account)}
    stale = sum(known.get((each.name, each.language)) != each.status for each in found)
    if stale:
        return Finding("templates", False, f"{stale} differ from our file: run `aftersail channels templates`.")
    return Finding("templates", True, f"{len(purposes)} purposes approved in {len(locales)} locales")


async def _subscription(graph: Graph, account: WhatsAppAccount) -> Finding:
    answer = await graph.get(account, f"{account.business_account_id}/subscribed_apps")
    names = [
        words(mapping(app.get("whatsapp_business_api_data")).get("name"), 64)
        for app in objects(answer.body.get("data"))
    ]
    if not names:
        text = (
            f"no app gets this account's webhooks: POST {account.business_account_id}/subscribed_apps with the token,"
            " and subscribe the field 'messages' in App Dashboard > WhatsApp > Configuration."
        )
        return Finding("webhook subscription", False, text)
    return Finding("webhook subscription", True, ", ".join(filter(None, names)) or f"{len(names)} app(s)")


async def _templates(graph: Graph, account: WhatsAppAccount, registry: Registry, locales: Sequence[str]) -> Finding:
    found = await sync(graph, account)
    return template_finding(found, registry, locales, account.business_account_id)


async def _checked(name: str, check: Callable[[], Awaitable[Finding]]) -> Finding:
    try:
        return await check()
    except DeliveryError as error:
        return _failed(name, error)


def _failed(name: str, error: DeliveryError) -> Finding:
    return Finding(name, False, f"{error.code}: {error.reason}. {error.remedy}")
