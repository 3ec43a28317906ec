"""From which address a request comes, behind trusted proxies too. Pure."""

import ipaddress

from core.errors import SetupError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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
