"""Invented customers and the places on a parcel's way, one file per market."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import ContentError, Fault
from markets.fields import Amount, TimeZoneName
from markets.load import line_at, load_model
from markets.profile import MarketProfile

Text = Annotated[str, Field(min_length=1, max_length=100)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Part):
    """A place where parcels are scanned; without time zone it lies in the market's."""

    place: Text
    time_zone: TimeZoneName | None = None


class Customer(_Part):
    """An invented customer, at a reserved e-mail domain."""

    name: Text
    email: Annotated[str, Field(pattern=r"^[a-z0-9.]+@example\.(com|org|net)$")]
    postcode: Text
    city: Text
    language: Text
    time_zone: TimeZoneName | None = None
    hub: Annotated[int, Field(ge=0)] = 0  # position in the market's hubs


class DemoMarket(_Part):
    """What the demo orders of one market are made of."""

    number_prefix: Annotated[int, Field(ge=10, le=99)]
    rate: Annotated[Amount, Field(gt=Decimal(0))]  # of one euro
    step: Annotated[Amount, Field(gt=Decimal(0))]
    phones: Annotated[str, Field(pattern=r"^\+\d{6,14}#{1,4}$")]
    export: Place
    gateway: Place
    hubs: Annotated[tuple[Place, ...], Field(min_length=1)]
    customers: Annotated[tuple[Customer, ...], Field(min_length=2, max_length=99)]

    @model_validator(mode="after")
    def _hubs_exist(self) -> "DemoMarket":
        lost = [customer.name for customer in self.customers if customer.hub >= len(self.hubs)]
        if lost:
            raise ValueError(f"customers: {', '.join(lost)} has a hub that is not in hubs; count from 0")
        return self

    def phone(self, index: int) -> str:
        """The phone of the customer at `index`, E.164."""
        width = self.phones.count("#")
        return self.phones.rstrip("#") + f"{index:0{width}d}"[-width:]

    def local_price(self, euro: Decimal) -> Decimal:
        """`euro` in the market's currency, rounded to its usual step and at least one step."""
        return max((euro * self.rate / self.step).quantize(Decimal(1)), Decimal(1)) * self.step


def load_demo_data(folder: Path, markets: Mapping[str, MarketProfile]) -> Mapping[str, DemoMarket]:
    """Demo data of the markets that have a file in `folder`, by code. Raises ContentError with every fault."""
    data: dict[str, DemoMarket] = {}
    faults: list[Fault] = []
    prefixes: dict[int, str] = {}
    for code in sorted(markets):
        path = folder / f"{code}.yml"
        if not path.exists():
            continue
        try:
            data[code] = load_model(path, DemoMarket)
        except ContentError as error:
            faults += error.faults
            continue
        other = prefixes.setdefault(data[code].number_prefix, code)
        if other != code:
            message = f"field number_prefix: {other} has the same one; choose another"
            faults.append(Fault(path, line_at(path, ["number_prefix"]), message))
    if faults:
        raise ContentError(faults)
    return data
