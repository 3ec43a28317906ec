"""Signatures of webhooks, compared in constant time."""

import base64
import hashlib
import hmac

TOLERANCE_S = 300.0  # between the time that was signed and now


def hex_hmac(secret: str, signed: bytes) -> str:
    """HMAC-SHA256 in lower-case hex."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def base64_hmac(secret: str, signed: bytes) -> str:
    """HMAC-SHA256 in Base64."""
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def same(one: str, other: str) -> bool:
    """Whether both are the same, found out in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def is_fresh(signed_at: float, now: float) -> bool:
    """Whether the time that was signed is near now; 0: it was none."""
    return bool(signed_at) and abs(now - signed_at) <= TOLERANCE_S
