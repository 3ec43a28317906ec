"""Whose secret signed a webhook: base64 of HMAC-SHA256 over the raw bytes, in x-line-signature."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

from connectors.line.account import LineAccount

HEADER = "x-line-signature"
MAX_SIGNATURE = 200  # characters; a real one has 44


def sign(secret: str, body: bytes) -> str:
    """The signature of `body`."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode("ascii")


def signers(accounts: Iterable[LineAccount], headers: Mapping[str, str], body: bytes) -> list[LineAccount]:
    """Accounts whose secret signed `body`; empty: nobody's. Every secret is tried, so time tells nothing."""
    given = headers.get(HEADER, "")[:MAX_SIGNATURE].encode("utf-8", "replace")
    by_secret: dict[str, list[LineAccount]] = {}
    for account in accounts:
        by_secret.setdefault(account.channel_secret.get_secret_value(), []).append(account)
    signed = [
        (hmac.compare_digest(sign(secret, body).encode("ascii"), given), owners) for secret, owners in by_secret.items()
    ]
    return [account for matches, owners in signed if matches for account in owners]
