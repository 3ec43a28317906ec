"""The vendor's errors: codes, titles, HTTP states and the body that says so."""

from dataclasses import dataclass
from typing import Any

# code: (title, HTTP status of the answer)
KNOWN = {
    0: ("AuthException", 401),
    2: ("API Service", 503),
    4: ("API Too Many Calls", 400),
    10: ("Application does not have permission for this action", 403),
    33: ("Parameter value is not valid", 400),
    100: ("Invalid parameter", 400),
    190: ("Access token has expired", 401),
    368: ("Temporarily blocked for policies violations", 403),
    80007: ("Rate limit issues", 400),
    130429: ("Rate limit hit", 400),
    130472: ("User's number is part of an experiment", 400),
    130497: ("Business account is restricted from messaging users in this country", 403),
    131000: ("Something went wrong", 500),
    131008: ("Required parameter is missing", 400),
    131009: ("Parameter value is not valid", 400),
    131016: ("Service unavailable", 503),
    131021: ("Recipient cannot be sender", 400),
    131026: ("Message undeliverable", 400),
    131030: ("Recipient phone number not in allowed list", 400),
    131031: ("Account has been locked", 403),
    131042: ("Business eligibility payment issue", 400),
    131047: ("Re-engagement message", 400),
    131048: ("Spam rate limit hit", 400),
    131049: ("This message was not delivered to maintain healthy ecosystem engagement", 400),
    131050: ("User has stopped receiving marketing messages from this business", 400),
    131051: ("Unsupported message type", 400),
    131052: ("Media download error", 400),
    131053: ("Media upload error", 400),
    131056: ("(Business Account, Consumer Account) pair rate limit hit", 400),
    131057: ("Account in maintenance mode", 500),
    131062: ("Business-scoped user ID recipients not supported for this message", 400),
    132000: ("Number of parameters does not match the expected number of params", 400),
    132001: ("Template name does not exist in the translation", 404),
    132005: ("Translated text too long", 400),
    132007: ("Template content policy violated", 400),
    132012: ("Parameter format does not match format in the created template", 400),
    132015: ("Template is paused", 400),
    132016: ("Template is disabled", 400),
    133010: ("Phone number not registered", 400),
}
HELP = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"


@dataclass(eq=False)
class VendorError(Exception):
    """A refusal as Meta words it."""

    code: int
    details: str
    message: str = ""  # instead of "(#code) title"
    kind: str = "OAuthException"
    subcode: int | None = None
    http: int | None = None

    @property
    def title(self) -> str:
        """The short name of the code."""
        return KNOWN[self.code][0] if self.code in KNOWN else "Something went wrong"

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.http or (KNOWN[self.code][1] if self.code in KNOWN else 400)

    def body(self, trace: str) -> dict[str, Any]:
        """The body of the answer."""
        error: dict[str, Any] = {
            "message": self.message or f"(#{self.code}) {self.details if self.code == 100 else self.title}",
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": trace,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        else:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error}

    def in_webhook(self) -> dict[str, Any]:
        """The entry of `errors[]` in a status."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details},
            "href": HELP,
        }


def unknown_object(method: str, name: str) -> VendorError:
    """What Graph answers for an id that it does not know (code 100 with subcode 33)."""
    text = (
        f"Unsupported {method.lower()} request. Object with ID '{name}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api"
    )
    return VendorError(100, text, message=text, kind="GraphMethodException", subcode=33)


def bad_token(reason: str = "Invalid OAuth access token - Cannot parse access token") -> VendorError:
    """What Graph answers for a token that it does not know."""
    return VendorError(190, reason, message=reason)


def expired_token(now: str) -> VendorError:
    """What Graph answers for a token past its time (subcode 463)."""
    text = f"Error validating access token: Session has expired on {now}. The current time is {now}."
    return VendorError(190, text, message=text, subcode=463)
