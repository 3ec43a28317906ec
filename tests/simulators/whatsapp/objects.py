"""What Graph tells about numbers, accounts, templates, files and tokens."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import phonenumbers

from tests.simulators.common.multipart import Part
from tests.simulators.whatsapp.config import Document, PhoneNumber, SimulatorConfig
from tests.simulators.whatsapp.engine import Engine
from tests.simulators.whatsapp.errors import VendorError, unknown_object
from tests.simulators.whatsapp.media import bare

if TYPE_CHECKING:
    from tests.simulators.whatsapp.simulation import Simulation

SCOPES = ["business_management", "whatsapp_business_management", "whatsapp_business_messaging"]
EMPTY = {  # fields that Graph knows and that have nothing in them here
    "certificate", "conversational_automation", "country_code", "country_dial_code", "health_status", "username",
    "eligibility_for_api_business_global_search", "is_on_biz_app", "is_official_business_account", "is_pin_enabled",
    "is_preverified_number", "last_onboarded_time", "new_certificate", "new_name_status", "quality_score",
    "search_visibility",
}  # fmt: skip
DEFAULTS = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type")
YEAR_S = 365 * 86_400


def upload(
    engine: Engine, phone_number_id: str, content_type: str, body: bytes, read: Callable[[str, bytes], dict[str, Part]]
) -> Document:
    """The id of an uploaded file. Raises VendorError."""
    number = engine.number(phone_number_id)
    try:
        parts = read(content_type, body)
    except ValueError as error:
        raise VendorError(100, "The parameter messaging_product is required.") from error
    if unknown := sorted(set(parts) - {"messaging_product", "type", "file", "ttl_minutes"}):
        raise VendorError(100, f'Unexpected key "{unknown[0]}" on param "root".')
    for name in ("messaging_product", "file"):
        if name not in parts:
            raise VendorError(100, f"The parameter {name} is required.")
    if parts["messaging_product"].text != "whatsapp":
        raise VendorError(100, "Param messaging_product must be one of {WHATSAPP}.")
    file = parts["file"]
    if "type" in parts and file.mime_type and bare(parts["type"].text) != bare(file.mime_type):
        raise VendorError(100, f"Param type is {parts['type'].text}, the file is sent as {file.mime_type}.")
    mime_type = file.mime_type or (parts["type"].text if "type" in parts else "")
    return {
        "id": engine.media.upload(number.phone_number_id, mime_type, file.data, file.file_name, engine.clock.now()).id
    }


def describe(engine: Engine, name: str, query: dict[str, str], address: Callable[[dict[str, str]], str]) -> Document:
    """What Graph knows under an id. Raises VendorError."""
    if engine.config.number(name) is not None:
        return _chosen(_number(engine.number(name, "get")), query, DEFAULTS)
    if name in engine.config.accounts():
        account = {"id": name, "name": engine.config.app_name, "currency": "EUR", "timezone_id": "1"}
        return _chosen(account, query, ("name", "currency", "timezone_id"))
    template = engine.templates.by_id(name)
    if template is not None:
        return _chosen(template.document, query, tuple(template.document))
    now = engine.clock.now()
    media = engine.media.get(name, now)
    if media is None or query.get("phone_number_id", media.phone_number_id) != media.phone_number_id:
        raise unknown_object("get", name)
    return {
        "url": address(engine.media.ticket(media, now)),
        "mime_type": media.mime_type,
        "sha256": media.sha256.hex(),
        "file_size": len(media.data),
        "id": media.id,
        "messaging_product": "whatsapp",
    }


def delete(engine: Engine, name: str, query: dict[str, str]) -> Document:
    """The answer to deleting a file. Raises VendorError."""
    media = engine.media.get(name, engine.clock.now())
    if media is None or query.get("phone_number_id", media.phone_number_id) != media.phone_number_id:
        raise unknown_object("delete", name)
    engine.media.delete(name)
    return {"success": True}


def token(simulation: "Simulation", asked: str) -> Document:
    """What debug_token says of a token."""
    config = simulation.config
    if asked != config.access_token:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    issued = int(simulation.clock.now()) - 86_400
    granular = [{"scope": scope, "target_ids": config.accounts()} for scope in SCOPES[1:]]
    return {
        "data": {
            "app_id": config.app_id,
            "type": "SYSTEM_USER",
            "application": config.app_name,
            "data_access_expires_at": 0,
            "expires_at": 0,  # never
            "is_valid": True,
            "issued_at": issued,
            "scopes": SCOPES,
            "granular_scopes": granular,
            "user_id": "122100000000000001",
        }
    }


def subscribed_apps(config: SimulatorConfig, account: str, query: dict[str, str]) -> Document:
    """Apps that get the account's webhooks."""
    link = f"https://www.facebook.com/games/?app_id={config.app_id}"
    return {"data": [{"whatsapp_business_api_data": {"link": link, "name": config.app_name, "id": config.app_id}}]}


def phone_numbers(config: SimulatorConfig, account: str, query: dict[str, str]) -> Document:
    """Numbers of the account."""
    mine = [number for number in config.numbers if number.business_account_id == account and not number.deleted]
    shown = [_chosen(_number(number), query, DEFAULTS) for number in mine]
    return {"data": shown, "paging": {"cursors": {"before": "QVFI", "after": "QVFJ"}}} if shown else {"data": []}


EDGES: dict[str, Callable[[SimulatorConfig, str, dict[str, str]], Document]] = {
    "subscribed_apps": subscribed_apps,
    "phone_numbers": phone_numbers,
}


def _number(number: PhoneNumber) -> Document:
    parsed = phonenumbers.parse(f"+{number.display_phone_number}")
    return {
        "id": number.phone_number_id,
        "verified_name": number.verified_name,
        "display_phone_number": phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "status": "CONNECTED" if number.registered else "DISCONNECTED",
        "quality_rating": number.quality_rating,
        "platform_type": "CLOUD_API",
        "account_mode": "SANDBOX" if number.allowed_recipients else "LIVE",
        "messaging_limit_tier": "TIER_10K",
        "whatsapp_business_manager_messaging_limit": "TIER_10K",
        "throughput": {"level": "HIGH" if number.throughput_mps > 80 else "STANDARD"},
        "webhook_configuration": {"application": number.webhook_url},
    }


def _chosen(document: Document, query: dict[str, str], defaults: tuple[str, ...]) -> Document:
    names = query["fields"].split(",") if query.get("fields") else list(defaults)
    for name in names:
        if name not in document and name not in EMPTY:
            raise VendorError(
                100, f"Tried accessing nonexisting field ({name}) on node type (WhatsAppBusinessPhoneNumber)"
            )
    return {**{name: document[name] for name in names if name in document}, "id": document["id"]}
