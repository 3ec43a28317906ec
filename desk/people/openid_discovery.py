"""What an OpenID provider publishes of itself: addresses and keys, read with a timeout and believed for an hour."""

import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from core.errors import AftersailError, RetryLater, SetupError

TIMEOUT_S = 5.0
MAX_BYTES = 500_000  # of any answer of the provider
KEPT_S = 3600.0
KEYS_AGAIN_S = 60.0  # an unknown key asks for new ones at most so often
WELL_KNOWN = "/.well-known/openid-configuration"


class OpenIdRefused(AftersailError):
    """The provider's answer proves nobody: begin again."""


@dataclass(frozen=True)
class Published:
    """What the provider says of itself."""

    authorization_endpoint: str
    token_endpoint: str
    keys: Mapping[str, PyJWK]  # by name
    read_at: float


class Discovery:
    """Reads it when it is needed. Two threads may read it at once; the later one counts."""

    def __init__(self, issuer: str, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._clock = clock
        self._published: Published | None = None

    def read(self) -> Published:
        """The provider's addresses and keys. Raises RetryLater when it does not answer or says nonsense."""
        now = self._clock()
        published = self._published
        if published is None or published.read_at < now - KEPT_S:
            published = self._published = self._fetch(now)
        return published

    def key(self, key_id: str) -> PyJWK:
        """The provider's key of this name; the only one when it has none. Raises OpenIdRefused, RetryLater."""
        published = self.read()
        if key_id not in published.keys and published.read_at < self._clock() - KEYS_AGAIN_S:
            published = self._published = self._fetch(self._clock())
        if not key_id and len(published.keys) == 1:
            return next(iter(published.keys.values()))
        if key_id not in published.keys:
            raise OpenIdRefused("the id token is signed with an unknown key")
        return published.keys[key_id]

    def _fetch(self, now: float) -> Published:
        found = _get_json(self._issuer.rstrip("/") + WELL_KNOWN)
        if found.get("issuer") != self._issuer:
            raise RetryLater(f"the OpenID provider calls itself {str(found.get('issuer'))[:100]!r}")
        try:
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            authorization, token, keys = (check_address(str(found.get(name, "")), name) for name in names)
        except SetupError as error:
            raise RetryLater(f"the OpenID provider: {error}") from error
        return Published(authorization, token, _keys(_get_json(keys)), now)


def check_address(address: str, name: str) -> str:
    """The address. Raises SetupError unless it is https, or http on this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))):
        raise SetupError(f"{name}: {address[:100]!r} is no https address")
    return address


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _get_json(address: str) -> Mapping[str, Any]:
    try:
        with requests.get(address, timeout=TIMEOUT_S, allow_redirects=False, stream=True) as answer:
            answer.raise_for_status()
            data = json.loads(answer.raw.read(MAX_BYTES, decode_content=True))
    except (requests.RequestException, ValueError) as error:
        raise RetryLater(f"the OpenID provider does not answer: {type(error).__name__}") from error
    if not isinstance(data, dict):
        raise RetryLater("the OpenID provider's answer is no object")
    return data


def _keys(data: Mapping[str, Any]) -> Mapping[str, PyJWK]:
    """Public signing keys; those of a kind that we do not know are left out."""
    keys: dict[str, PyJWK] = {}
    for entry in data.get("keys", []):
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or entry.get("kty") == "oct":
            continue
        try:
            keys[str(entry.get("kid", ""))] = PyJWK(entry)
        except PyJWTError:
            continue
    return keys
