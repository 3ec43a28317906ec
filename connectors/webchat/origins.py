"""Which pages may talk to the chat. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import SetupError

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
