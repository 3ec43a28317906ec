"""Who may grant how much: read from desk/data/compensation.yml, checked with file and line."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision, list_currencies

from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines
from desk.viewer import Role

FILE = Path(__file__).parent.parent / "data" / "compensation.yml"
KINDS = ("coupon", "refund", "resend")
ROLES = (Role.AGENT, Role.LEAD, Role.ADMIN)
MOST = "most"
NONE = Decimal(0)


@dataclass(frozen=True)
class Ceilings:
    """In one currency. `of`: by role, then kind; a role that is not named grants nothing."""

    of: Mapping[str, Mapping[str, Decimal]]
    most: Decimal


@dataclass(frozen=True)
class Rules:
    """The file."""

    reasons: tuple[str, ...]
    currencies: Mapping[str, Ceilings]
    markets: Mapping[str, Ceilings]  # of markets that need others

    def ceilings(self, market: str, currency: str) -> Ceilings:
        """What holds in the market; nothing may be granted in a currency that the file does not name."""
        return self.markets.get(market) or self.currencies.get(currency) or Ceilings({}, NONE)

    def ceiling(self, market: str, currency: str, role: str, kind: str) -> Decimal:
        """What the role may grant by itself for one order in all; 0: nothing."""
        return self.ceilings(market, currency).of.get(role, {}).get(kind, NONE)


@lru_cache
def load_rules(path: Path = FILE) -> Rules:
    """The file's rules. Raises ContentError with every fault."""
    data = read_yaml(path).data
    if not isinstance(data, dict) or set(without_lines(data)) != {"reasons", "currencies", "markets"}:
        raise ContentError([Fault(path, 1, "needs `reasons`, `currencies` and `markets`, and nothing else")])
    faults: list[Fault] = []
    reasons = data["reasons"]
    if not isinstance(reasons, list) or not reasons or not all(isinstance(item, str) for item in reasons):
        faults.append(Fault(path, line_of(data), "reasons: a list of names such as [damaged, late]"))
    currencies = _blocks(path, data["currencies"], "currencies", faults)
    faults += [
        Fault(path, line_of(data["currencies"].get(code)), f"{code}: no currency of ISO 4217")
        for code in currencies
        if code not in list_currencies()
    ]
    markets = _blocks(path, data["markets"], "markets", faults)
    if faults:
        raise ContentError(faults)
    return Rules(tuple(reasons), currencies, markets)


def decimals_of(currency: str) -> int:
    """How many decimals amounts of the currency have."""
    return int(get_currency_precision(currency))


def _blocks(path: Path, data: Any, what: str, faults: list[Fault]) -> dict[str, Ceilings]:
    if not isinstance(data, dict):
        faults.append(Fault(path, 1, f"{what}: needs `CODE: {{agent: …, lead: …, admin: …, most: …}}`"))
        return {}
    found = {}
    for code in without_lines(data):
        before = len(faults)
        block = _block(path, data[code], code, faults)
        if len(faults) == before:
            found[code] = block
    return found


def _block(path: Path, data: Any, code: str, faults: list[Fault]) -> Ceilings:
    wanted = {*ROLES, MOST}
    if not isinstance(data, dict) or set(without_lines(data)) != wanted:
        faults.append(Fault(path, line_of(data), f"{code}: needs exactly {', '.join(sorted(wanted))}"))
        return Ceilings({}, NONE)
    most = _amount(path, data, MOST, code, faults)
    of: dict[str, Mapping[str, Decimal]] = {}
    for role in ROLES:
        row = data[role]
        if not isinstance(row, dict) or set(without_lines(row)) != set(KINDS):
            faults.append(Fault(path, line_of(data), f"{code}: {role} needs exactly {', '.join(KINDS)}"))
            continue
        of[role] = {kind: _amount(path, row, kind, f"{code}: {role}", faults) for kind in KINDS}
        faults += [
            Fault(path, line_of(row), f"{code}: {role}: {kind} is above `most`")
            for kind, amount in of[role].items()
            if amount > most
        ]
    return Ceilings(of, most)


def _amount(path: Path, row: Mapping[str, Any], key: str, what: str, faults: list[Fault]) -> Decimal:
    value = row[key]
    try:
        amount = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or amount < 0:
        faults.append(Fault(path, line_of(row), f"{what}: {key} must be an amount in quotes such as '20'"))
        return NONE
    return amount
