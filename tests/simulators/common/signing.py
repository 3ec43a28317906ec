"""Signatures of webhook bodies, as the vendors compute them."""

import base64
import hashlib
import hmac
import json
from typing import Any


def hex_signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the raw body in lower-case hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def base64_signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the raw body in Base64."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def ascii_body(document: Any) -> bytes:
    r"""JSON with everything beyond ASCII as \uXXXX and no spaces, which is what Meta puts on the wire and signs."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()


def utf8_body(document: Any) -> bytes:
    """JSON in UTF-8 with no spaces, which is what LINE puts on the wire and signs."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
