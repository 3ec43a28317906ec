"""A small OpenID provider on this machine that checks what it is sent as a strict one does."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "aftersail-test", "a secret: with/odd+characters"
LIFETIME_S = 300


@dataclass
class OpenIdServer:
    """What it is, and what tests change of its behaviour."""

    callback: str  # the one that is registered
    clock: Callable[[], float]
    issuer: str = ""
    person: Mapping[str, Any] = field(default_factory=dict)  # claims of whoever is signed in there
    token_changes: dict[str, Any] = field(default_factory=dict)  # claims put into the id token instead; None: left out
    signer: Callable[["OpenIdServer", Mapping[str, Any]], str] | None = None
    discovery_changes: dict[str, Any] = field(default_factory=dict)
    status: int = 200  # of every answer
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65_537, 2_048))
    key_id: str = "key-1"
    faults: list[str] = field(default_factory=list)  # what we were sent wrongly
    requests: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    # --- the browser -------------------------------------------------------------------------------------------------

    def consent(self, address: str) -> str:
        """What the browser does there: the person agrees; the address to which they are sent back."""
        parts = urlsplit(address)
        given = dict(parse_qsl(parts.query))
        self._expect(f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize", "address")
        expected = {"client_id": CLIENT_ID, "redirect_uri": self.callback, "response_type": "code"}
        for name, value in {**expected, "code_challenge_method": "S256"}.items():
            self._expect(given.get(name) == value, f"{name}={given.get(name)}")
        self._expect({"openid", "email"} <= set(given.get("scope", "").split()), "scope")
        for name in ("state", "nonce", "code_challenge"):
            self._expect(len(given.get(name, "")) >= 32, f"{name} is short")
        code = secrets.token_urlsafe(16)
        self._codes[code] = given
        return f"{self.callback}?code={code}&state={given['state']}"

    # --- the server --------------------------------------------------------------------------------------------------

    def answer(self, path: str, body: str, authorization: str) -> tuple[int, Mapping[str, Any]]:
        """(status, JSON)."""
        self.requests.append(path)
        if self.status != 200:
            return self.status, {"error": "server_error"}
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            found = {"issuer": self.issuer, **{name: f"{self.issuer}/{end}" for name, end in ends.items()}}
            return 200, {**found, **self.discovery_changes}
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return 200, {
                "keys": [{"kty": "XX", "kid": "odd"}, {**public, "kid": self.key_id, "use": "sig", "alg": "RS256"}]
            }
        return self._token(body, authorization) if path == "/token" else (404, {})

    def _token(self, body: str, authorization: str) -> tuple[int, Mapping[str, Any]]:
        given = {name: values[0] for name, values in parse_qs(body).items()}
        begun = self._codes.pop(given.get("code", ""), None)
        if begun is None:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        self._expect(challenge == begun["code_challenge"], "code_verifier")
        self._expect(given.get("redirect_uri") == self.callback, "redirect_uri")
        self._expect(given.get("grant_type") == "authorization_code", "grant_type")
        self._expect(_basic(authorization) in (f"{CLIENT_ID}:{CLIENT_SECRET}",), "client authentication")
        if self.faults:
            return 400, {"error": "invalid_request", "error_description": ", ".join(self.faults)}
        claims = self._claims(begun["nonce"])
        token = (self.signer or OpenIdServer.sign)(self, claims)
        return 200, {"access_token": "opaque", "token_type": "Bearer", "expires_in": LIFETIME_S, "id_token": token}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The id token, signed as it should be."""
        return jwt.encode(dict(claims), self.key, "RS256", headers={"kid": self.key_id})

    def _claims(self, nonce: str) -> Mapping[str, Any]:
        now = int(self.clock())
        base = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + LIFETIME_S, "nonce": nonce}
        claims = {**base, **self.person, **self.token_changes}
        return {name: value for name, value in claims.items() if value is not None}

    def _expect(self, right: bool, what: str) -> None:
        if not right:
            self.faults.append(what)


def _basic(authorization: str) -> str:
    scheme, _, text = authorization.partition(" ")
    return unquote(base64.b64decode(text).decode()) if scheme == "Basic" else ""


@contextmanager
def serve(provider: OpenIdServer) -> Iterator[OpenIdServer]:
    """The provider on a free port of loopback; `issuer` is filled in."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send("")

        def do_POST(self) -> None:
            self._send(self.rfile.read(int(self.headers.get("content-length", 0))).decode())

        def _send(self, body: str) -> None:
            status, data = provider.answer(self.path, body, self.headers.get("authorization", ""))
            text = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
