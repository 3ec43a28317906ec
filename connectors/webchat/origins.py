"""Which pages may talk to the chat, and from which address a request comes. Pure."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import SetupError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origins:
    """Pages that may embed the chat besides our own."""

    allowed: frozenset[str]

    @classmethod
    def from_setting(cls, setting: str) -> "Origins":
        """Origins of a comma-separated setting. Raises SetupError for one that no browser would send."""
        found = [part.strip() for part in setting.split(",") if part.strip()]
        for origin in found:
            parts = urlsplit(origin)
            if parts.scheme not in _PORTS or not parts.hostname or parts.path or parts.query or "@" in parts.netloc:
                raise SetupError(f"AFTERSAIL_ALLOWED_ORIGINS: {origin!r} is no origin; write https://shop.example")
        return cls(frozenset(origin.lower() for origin in found))

    def may_use(self, origin: str | None, host: str) -> bool:
        """True for our own pages, allowed ones, and programs that send no Origin (we use no cookies)."""
        return origin is None or origin.lower() in self.allowed or self.is_own(origin, host)

    def is_own(self, origin: str, host: str) -> bool:
        """True when the page was served by us. A proxy may end TLS, so the scheme is not compared."""
        parts = urlsplit(origin.lower())
        if parts.scheme not in _PORTS:
            return False
        default = f":{_PORTS[parts.scheme]}"
        return parts.netloc.removesuffix(default) == host.lower().removesuffix(default)


def read_proxies(setting: str) -> tuple[Network, ...]:
    """Networks of a comma-separated setting. Raises SetupError."""
    try:
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in setting.split(",") if part.strip())
    except ValueError as error:
        raise SetupError(f"AFTERSAIL_TRUSTED_PROXIES: {error}") from error


def client_address(peer: str, forwarded: str, proxies: tuple[Network, ...]) -> str:
    """Address of the visitor: the peer, or what a trusted peer says, read from the right up to the first stranger."""
    address = peer
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()][-20:]
    while hops and _is_trusted(address, proxies):
        candidate = hops.pop()
        if _parse(candidate) is None:
            break
        address = candidate
    return address


def _parse(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _is_trusted(address: str, proxies: tuple[Network, ...]) -> bool:
    parsed = _parse(address)
    return parsed is not None and any(parsed in network for network in proxies)
