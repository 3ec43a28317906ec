"""Who signed a webhook, and the handshake. Everything is compared in constant time."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from connectors.whatsapp.account import WhatsAppAccount

SIGNATURE_HEADER = "x-hub-signature-256"
MAX_CHALLENGE = 256  # characters of the string that Meta wants back


def signers(accounts: Iterable[WhatsAppAccount], headers: Mapping[str, str], body: bytes) -> list[WhatsAppAccount]:
    """Accounts whose app secret signed these raw bytes; empty: nobody's. Header names in lower case.

    Every distinct secret is tried, also after one has matched, so that time tells nothing.
    """
    given = headers.get(SIGNATURE_HEADER, "").encode("utf-8", "replace")
    by_secret: dict[str, list[WhatsAppAccount]] = {}
    for account in accounts:
        by_secret.setdefault(account.app_secret.get_secret_value(), []).append(account)
    found = []
    for secret, owners in by_secret.items():
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(f"sha256={digest}".encode(), given):
            found.extend(owners)
    return found


def handshake(query: Mapping[str, str], accounts: Iterable[WhatsAppAccount]) -> str | None:
    """The challenge to answer as plain text with 200; None: not ours, answer 403."""
    given = query.get("hub.verify_token", "").encode("utf-8", "replace")
    challenge = query.get("hub.challenge", "")
    matches = [hmac.compare_digest(account.verify_token.get_secret_value().encode(), given) for account in accounts]
    plain = 0 < len(challenge) <= MAX_CHALLENGE and challenge.isascii() and challenge.isalnum()
    return challenge if query.get("hub.mode") == "subscribe" and any(matches) and plain else None
