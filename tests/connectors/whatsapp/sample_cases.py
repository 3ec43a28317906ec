"""What each sample must become: (id, seconds, what). `...` as id: made of content."""

from typing import Any

from connectors.events import (
    Content,
    Edit,
    MediaRef,
    NewIdentity,
    Notice,
    Reaction,
    Retraction,
    Said,
    StatusChange,
    What,
)

WA, BSUID, PARENT = "972987654321", "US.13491208655302741918", "US.ENT.11815799212886844830"
PERSON = {"name": "Test Name", "phone": "+972987654321", "country": "US", "aliases": (WA, BSUID, PARENT)}
ERROR = {"code": "131051", "title": "Message type unknown", "details": "Message type is currently not supported."}
FORM = {"comment_text": "Comment Text", "delivery_rating": "4", "purchase_rating": "2", "recommend_radio": "0"}
FORM |= {"cs_rating": "0"}

Case = tuple[Any, float, What]


def said(at: int, content: Content, text: str = "", message: str = "wamid.xyzxyz", **more: Any) -> list[Case]:
    """Something said by the person of most samples."""
    what = Said(sender=WA, message=message, content=content, text=text, **PERSON, **more)
    return [(message, float(at), what)]


def status(at: int, name: str, as_name: Any = None, code: str = "", **more: Any) -> list[Case]:
    """A status of a message of ours."""
    event_id = ":".join(filter(None, ("wamid.xyzxyz", name, code)))
    return [(event_id, float(at), StatusChange("wamid.xyzxyz", as_name or name, code=code, **more))]


def notice(topic: str, at: int, *part: str) -> list[Case]:
    """A notice whose details contain `part`."""
    return [(..., float(at), Notice(topic, {"part": part}))]


def media(ref: str, mime: str, name: str = "", sha256: str = "") -> dict[str, Any]:
    """A file of a message."""
    return {"media": MediaRef(ref, mime, name, sha256)}


def _button(at: int, message: str = "wamid.xyzxyz", quoted: str = "wamid.xyzxyz", **details: str) -> list[Case]:
    return said(at, Content.BUTTON, "title", message, button="callback_data", quoted=quoted, details=details)


def _form(**more: str) -> list[Case]:
    details = {"form": "flow", "answers": FORM | more}
    return said(
        1702502473, Content.FORM, message="wamid.wegrchytvwcggt==", quoted="wamid.gvwegfretge==", details=details
    )


_LONG_ID = "1234567890987654321"
_VOICE = "9b4e2915fd8445d6a8a53c859063c0d3e6d7de2f986367588151703a00cb4832"
_STICKER = "3a64f89e18d48423083cd9a3ede78e65e0988d35e42f1a0ebfce4e3021704ae7"
_ONCE = {"forwarded": "once"}
_SERVICE = {"category": "service"}
_ACCOUNT = 1743451903
_PARTNER = 1748477359

CASES: dict[str, list[Case]] = {
    "account_update.account_deleted": notice("account_update", _ACCOUNT, "ACCOUNT_DELETED"),
    "account_update.account_disabled": notice("account_update", _ACCOUNT, "DISABLED_UPDATE", "REINSTATE"),
    "account_update.account_offboarded": notice("account_update", _ACCOUNT, "ACCOUNT_OFFBOARDED"),
    "account_update.account_reconnected": notice("account_update", _ACCOUNT, "ACCOUNT_RECONNECTED"),
    "account_update.account_restriction": notice("account_update", 1641330498, "RESTRICTED_BIZ_INITIATED_MESSAGING"),
    "account_update.account_violation": notice("account_update", _ACCOUNT, "ACCOUNT_VIOLATION", "ADULT"),
    "account_update.ad_account_linked": notice("account_update", 1744823932, "AD_ACCOUNT_LINKED"),
    "account_update.authentication_international_eligibility": notice("account_update", _ACCOUNT, "AUTH_INTL_PRICE"),
    "account_update.mm_api_for_wa_terms_of_service": notice("account_update", 1744823932, "MM_LITE_TERMS_SIGNED"),
    "account_update.partner_added": notice("account_update", 1744823932, "PARTNER_ADDED"),
    "account_update.partner_app_installed": notice("account_update", 1745337174, "PARTNER_APP_INSTALLED"),
    "account_update.partner_app_uninstalled": notice("account_update", _PARTNER, "PARTNER_APP_UNINSTALLED"),
    "account_update.partner_led_business_verification_status": notice("account_update", 1743138982, "APPROVED"),
    "account_update.partner_removed": notice("account_update", _PARTNER, "PARTNER_REMOVED"),
    "account_update.partner_removed_wa_app_disconnection": notice("account_update", _PARTNER, "PRIMARY_INACTIVITY"),
    "account_update.pricing_tiering_update": notice("account_update", _ACCOUNT, "VOLUME_BASED_PRICING_TIER_UPDATE"),
    "account_update.primary_business_location_set": notice("account_update", 1743138982, "IN"),
    "call_connect.business_initiated": notice("calls", 1752582933, "connect", "BUSINESS_INITIATED"),
    "call_connect.user_initiated": notice("calls", 1752583107, "connect", "USER_INITIATED"),
    "call_permission_update.accept": [
        ("wamid.x", 1752582182.0, Notice("call_permission_reply", {"part": ("accept", "user_action", WA)}))
    ],
    "call_permission_update.reject": [
        ("wamid.x", 1752582182.0, Notice("call_permission_reply", {"part": ("reject", "user_action", WA)}))
    ],
    "call_status": notice("calls", 1671644824, "RINGING"),
    "call_terminate": notice("calls", 1671644824, "terminate", "COMPLETED", "12455"),
    "callback_button.button": _button(1698266730),
    "callback_button.quick_reply": _button(1698269027, "wamid.xsidjw", "wamid.xyzxyz=="),
    "callback_button.quick_reply_without_context": _button(1698269027, "wamid.xsidjx", ""),
    "callback_selection.callback": _button(1698266905, "wamid.zyzxyz"),
    "callback_selection.description": _button(1698266905, "wamid.zyzxyz", description="description"),
    "deleted_message.revoke": [
        (
            "<WHATSAPP_MESSAGE_ID>",
            1697043223.0,
            Retraction("<WHATSAPP_USER_PHONE_NUMBER>", "<ORIGINAL_WHATSAPP_MESSAGE_ID>"),
        )
    ],
    "edited_message.image": [
        (
            "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA=",
            1749854575.0,
            Edit(
                "16505551234",
                "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA=",
                "Updated image caption",
            ),
        )
    ],
    "flow_completion.completion": _form(flow_token="AQAAAAACS5FpgQ_cAAAAAD0QI3s."),
    "flow_completion.without_flow_token": _form(),
    "message.animated_sticker": said(
        1697043785, Content.STICKER, **media(_LONG_ID, "image/webp"), details={"animated": True}
    ),
    "message.audio": said(1697043509, Content.AUDIO, **media(_LONG_ID, "audio/ogg; codecs=opus"), details=_ONCE),
    "message.chosen_location": said(
        1697044557,
        Content.LOCATION,
        details={
            "latitude": 37.4611978,
            "longitude": -122.2164385,
            "title": "Facebook HQ",
            "address": "1 Hacker Way, Menlo Park, CA 94025",
            "url": "https://maps.google.com/?cid=2000000000000000000",
            **_ONCE,
        },
    ),
    "message.contacts": said(
        1697044621,
        Content.CONTACTS,
        details={
            "cards": [
                {"name": "Chandler Bing", "phones": ["+1 555-555-5555"]},
                {"name": "Monica", "phones": ["+1 666-666-6666"]},
                {"name": "Rachel Green", "phones": ["+1 777-777-7777"]},
            ]
        },
    ),
    "message.current_location": said(
        1697044557, Content.LOCATION, details={"latitude": 12.25089, "longitude": 43.90539, **_ONCE}
    ),
    "message.document": said(
        1697043666, Content.DOCUMENT, "caption", **media(_LONG_ID, "application/pdf", "filename.pdf"), details=_ONCE
    ),
    "message.forwarded": said(1697044815, Content.TEXT, "forwarded text", details=_ONCE),
    "message.forwarded_many_times": said(
        1697044968, Content.TEXT, "text forwarded many times", details={"forwarded": "often"}
    ),
    "message.image": said(1697043379, Content.IMAGE, **media("65463453", "image/jpeg")),
    "message.interactive_message_with_err": [
        *said(
            1700505494,
            Content.UNSUPPORTED,
            message="wamid.wegrchytvwcggt=",
            quoted="wamid.gvwegfretge==",
            details={"type": "interactive"},
        ),
        *notice("errors", 1700505494, "131000", "Unsupported webhook payload"),
    ],
    "message.media_with_url": said(1697043379, Content.IMAGE, **media("65463453", "image/jpeg")),
    "message.order": said(
        1697044668,
        Content.ORDER,
        details={
            "basket": {
                "catalogue": "354160437058781",
                "lines": 3,
                "items": [
                    {"sku": "HAMBURGER", "quantity": 3.0, "price": 30.0, "currency": "ILS"},
                    {"sku": "FRENCH_FRIES", "quantity": 2.0, "price": 35.0, "currency": "ILS"},
                    {"sku": "SODA", "quantity": 2.0, "price": 10.0, "currency": "ILS"},
                ],
            }
        },
    ),
    "message.reaction": [("wamid.xyzxyz", 1697044456.0, Reaction(WA, "wamid.yzxyzx=", "😮"))],
    "message.referral": said(
        1697045000,
        Content.TEXT,
        "BODY",
        "wamid.ID",
        details={
            "advertisement": {
                "source_url": "AD_OR_POST_FB_URL",
                "source_id": "ADID",
                "source_type": "ad or post",
                "headline": "AD_TITLE",
                "body": "AD_DESCRIPTION",
                "media_type": "image or video",
                "ctwa_clid": "CTWA_CLID",
            }
        },
    ),
    "message.reply": said(1697044746, Content.TEXT, "replied text", quoted="wamid.xyzxyz=="),
    "message.static_sticker": said(
        1697043760, Content.STICKER, **media(_LONG_ID, "image/webp", sha256=_STICKER), details={"animated": False}
    ),
    "message.text": said(1697043223, Content.TEXT, "Body Text"),
    "message.unreaction_empty": [("wamid.xyzxyz", 1697044456.0, Reaction(WA, "wamid.yzxyzx=", ""))],
    "message.unreaction_no_emoji": [("wamid.xyzxyz", 1697044456.0, Reaction(WA, "wamid.yzxyzx=", ""))],
    "message.unsupported": said(1697044706, Content.UNSUPPORTED, details={"type": "unsupported", "errors": [ERROR]}),
    "message.unsupported_with_type": said(1697044706, Content.UNSUPPORTED, details={"type": "pool", "errors": [ERROR]}),
    "message.video": said(1697044362, Content.VIDEO, "caption", **media("765756756", "video/mp4"), details=_ONCE),
    "message.voice": said(1697043473, Content.VOICE, **media(_LONG_ID, "audio/ogg; codecs=opus", sha256=_VOICE)),
    "message_status.delivered": status(1698266945, "delivered", **_SERVICE),
    "message_status.failed": status(
        1689380458,
        "failed",
        code="130472",
        reason="Failed to send message because this user's phone number is part of an experiment",
    ),
    "message_status.group": [
        ("<WHATSAPP_MESSAGE_ID>:read:US.123456", 1698266945.0, StatusChange("<WHATSAPP_MESSAGE_ID>", "read"))
    ],
    "message_status.played": status(1689380458, "played", "read", **_SERVICE),
    "message_status.read": status(1689380458, "read", **_SERVICE),
    "message_status.sent": status(1698266945, "sent", **_SERVICE),
    "message_status.with_tracker": status(1698266945, "sent", tracker="some data", **_SERVICE),
    "outgoing_message.delete": notice("smb_message_echoes", 1697044968, "revoke", "wamid.zzzzzz"),
    "outgoing_message.edit": notice("smb_message_echoes", 1697044968, "Text was edited"),
    "outgoing_message.text": notice("smb_message_echoes", 1697043223, "Test message"),
    "system.identity_change": [
        ("wamid.xyzxyz", 1697044706.0, Notice("system.customer_identity_changed", {"part": (WA,)}))
    ],
    "system.phone_number_change": [
        ("wamid.xyzxyz==", 1753851315.0, NewIdentity(WA, "972912345678", (WA, "972912345678")))
    ],
    "template_category_update.marketing": notice("template_category_update", 1750344882, "MARKETING"),
    "template_components_update.element": notice("message_template_components_update", 1751483772, "Hi {{1}}!"),
    "template_quality_update.yellow": notice("message_template_quality_update", 1674864290, "YELLOW"),
    "template_status_update.approved": notice("message_template_status_update", 1751247548, "APPROVED"),
    "template_status_update.rejected": notice("message_template_status_update", 1751247548, "INVALID_FORMAT"),
    "user_marketing_preferences.resume": notice("user_preferences", 1731705721, "resume"),
    "user_marketing_preferences.signup": notice("user_preferences", 1731705721, "signup"),
}
