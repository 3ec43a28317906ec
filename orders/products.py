"""The shop's products, and where a text names one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.errors import ContentError, Fault
from markets.fields import Amount
from markets.load import line_at, load_model
from orders.fold import fold

FILE = "products.yml"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$")]
    name: Annotated[str, Field(min_length=2, max_length=60)]
    kind: Literal["baby", "home", "electronics"]
    price: Amount  # in euro; demo orders convert it
    aliases: tuple[str, ...] = ()
    generic: dict[str, str]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    products: Annotated[tuple[_Entry, ...], Field(min_length=1, max_length=5000)]


@dataclass(frozen=True)
class Product:
    """One product; `generic` says what it is, by language ("baby bottle steriliser")."""

    sku: str
    name: str
    kind: Literal["baby", "home", "electronics"]
    price: Decimal  # euro
    aliases: tuple[str, ...]
    generic: dict[str, str]


@dataclass(frozen=True)
class FoundProduct:
    """A product named in a text; positions are those of the text as it was given."""

    sku: str
    start: int
    end: int


@dataclass(frozen=True)
class Products:
    """All products, with one pattern for all their names."""

    entries: tuple[Product, ...]

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Every spelling pattern with its SKU, the longest first."""
        names = [(_spellings(product.sku, spaces=False), product.sku) for product in self.entries]
        for product in self.entries:
            names += [(_spellings(name, spaces=True), product.sku) for name in (product.name, *product.aliases)]
        return tuple(sorted(names, key=lambda pair: -len(pair[0])))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """One pattern whose group number says which of `names` matched."""
        return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(f'({name})' for name, _ in self.names)})(?![a-z0-9])")


def load_products(folder: Path) -> Products:
    """The products in `folder`/products.yml. Raises ContentError with every fault."""
    path = folder / FILE
    entries = load_model(path, _File).products
    faults = list(_repeated(path, entries))
    if faults:
        raise ContentError(faults)
    return Products(tuple(Product(**{name: getattr(entry, name) for name in _Entry.model_fields}) for entry in entries))


def find_products(text: str, products: Products) -> list[FoundProduct]:
    """Products named in the first 10,000 characters by model name, alias or SKU, in order and without overlap."""
    folded = fold(text)
    found = []
    for match in products.pattern.finditer(folded.text):
        sku = products.names[(match.lastindex or 1) - 1][1]
        found.append(FoundProduct(sku, *folded.original(*match.span())))
    return found


def _spellings(name: str, *, spaces: bool) -> str:
    """A pattern for `name` with or without dashes, and spaces where allowed, between its parts: pure-steam 2."""
    # Codes take no spaces: "xbox or ps2" is no OR-PS2.
    gap = r"[ \-_.]?" if spaces else r"[\-_.]?"
    return gap.join(re.escape(fold(word).text) for word in _WORD.findall(name))


def _repeated(path: Path, entries: Iterable[_Entry]) -> Iterable[Fault]:
    seen: dict[str, str] = {}
    for position, entry in enumerate(entries):
        for name in (entry.sku, entry.name, *entry.aliases):
            spelling = _spellings(name, spaces=True)
            if spelling in seen:
                line = line_at(path, ["products", position])
                yield Fault(path, line, f"{name!r} also names {seen[spelling]}; give each product its own names")
            seen[spelling] = entry.sku
