"""A JSON value with its place, which refuses what does not fit in the vendor's words."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.simulators.common.limits import utf16_length
from tests.simulators.whatsapp.errors import VendorError


class Node:
    """An object inside a request.

    `missing` and `bad` are the codes for absent and for unfit values; an unexpected key is always code 100.
    """

    def __init__(self, value: Any, path: str, missing: int = 131008, bad: int = 131009) -> None:
        if not isinstance(value, dict):
            raise VendorError(100, f"Param {path} must be a JSON object.")
        self.value: dict[str, Any] = value
        self.path = path
        self._missing = missing
        self._bad = bad

    def place(self, key: str) -> str:
        """How the vendor writes the place of a key: text['body']."""
        return f"{self.path}['{key}']" if self.path else key

    def only(self, *keys: str) -> None:
        """Refuse other keys."""
        for key in self.value:
            if key not in keys:
                raise VendorError(100, f'Unexpected key "{key}" on param "{self.path or "root"}".')

    def need(self, key: str) -> Any:
        """The value of a key that must be there."""
        if self.value.get(key) is None:
            raise VendorError(self._missing, f"The parameter {self.place(key)} is required.")
        return self.value[key]

    def text(self, key: str, longest: int | None = None, required: bool = True, shortest: int = 1) -> str:
        """A text of limited length in UTF-16 units; empty when it is absent and need not be there."""
        if not required and self.value.get(key) is None:
            return ""
        value = self.need(key)
        if not isinstance(value, str):
            raise VendorError(100, f"Param {self.place(key)} must be a string.")
        if required and utf16_length(value.strip()) < shortest:
            raise self.unfit(key, f"must be at least {shortest} characters long")
        if longest is not None and utf16_length(value) > longest:
            raise self.unfit(key, f"must be at most {longest} characters long")
        return value

    def one_of(self, key: str, *values: str) -> str:
        """A text out of a few, as it stands in `values`; Meta does not mind capitals."""
        value = self.text(key)
        found = next((item for item in values if item.lower() == value.lower()), None)
        if found is None:
            wanted = ", ".join(item.upper() for item in values)
            raise VendorError(100, f'Param {self.place(key)} must be one of {{{wanted}}} - got "{value}".')
        return found

    def flag(self, key: str) -> bool:
        """A truth value; False when absent."""
        value = self.value.get(key, False)
        if not isinstance(value, bool):
            raise VendorError(100, f"Param {self.place(key)} must be a boolean.")
        return value

    def number(self, key: str, least: float, most: float) -> float:
        """A number in a range; Meta takes it as a text too."""
        value = self.need(key)
        try:
            number = float(value) if not isinstance(value, bool) else float("nan")
        except (TypeError, ValueError):
            number = float("nan")
        if not least <= number <= most:
            raise self.unfit(key, f"must be a number from {least:g} to {most:g}")
        return number

    def url(self, key: str) -> str:
        """An http or https address."""
        value = self.text(key, 2000)
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise VendorError(100, f"Param {self.place(key)} is not a valid URI.")
        return value

    def child(self, key: str) -> "Node":
        """An object under a key."""
        return Node(self.need(key), self.place(key), self._missing, self._bad)

    def optional(self, key: str) -> "Node | None":
        """An object under a key, or None."""
        return None if self.value.get(key) is None else self.child(key)

    def each(self, key: str, required: bool = True) -> Iterator["Node"]:
        """The objects of a list."""
        if not required and self.value.get(key) is None:
            return
        for index, item in enumerate(self.items(key)):
            yield Node(item, f"{self.place(key)}[{index}]", self._missing, self._bad)

    def items(self, key: str) -> list[Any]:
        """A list."""
        value = self.need(key)
        if not isinstance(value, list):
            raise VendorError(100, f"Param {self.place(key)} must be an array.")
        return value

    def unfit(self, key: str, rule: str) -> VendorError:
        """The error for a value that breaks a rule."""
        return VendorError(self._bad, f"Param {self.place(key)} {rule}.")

    def refuse(self, details: str) -> VendorError:
        """The error for an unfit whole."""
        return VendorError(self._bad, details)
