"""What code and replies agree on: which values code gives to which reply, and how replies are compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ContentError
from core.yaml_files import LINE_KEY
from knowledge.field_reader import FieldReader

_KEYS = ("reference_language", "proper_names", "values")


@dataclass(frozen=True)
class ReplyContract:
    """The agreement. Replies that `values` does not name get the market's values only."""

    reference_language: str  # the language whose placeholders and payloads the others must have
    proper_names: frozenset[str]  # replies that may stand in Latin letters in every language, such as PayPal
    values: Mapping[str, frozenset[str]]  # by reply name: the values that code passes


def load_contract(path: Path) -> ReplyContract:
    """The contract file. Raises ContentError with every fault."""
    reader = FieldReader(path)
    data = reader.mapping(reader.data(), _KEYS, 1, "the contract") or {}
    reference, proper_names, values = "", frozenset[str](), {}
    if data:
        reference = reader.text(data, "reference_language", "the contract")
        proper_names = frozenset(reader.texts(data, "proper_names", "the contract"))
        values = _read_values(reader, data.get("values", {}))
    if reader.faults:
        raise ContentError(reader.faults)
    return ReplyContract(reference, proper_names, values)


def _read_values(reader: FieldReader, data: Any) -> dict[str, frozenset[str]]:
    if not isinstance(data, dict):
        reader.fault(1, "'values' must be `reply: [names of values]`")
        return {}
    names = [name for name in data if name != LINE_KEY]
    return {name: frozenset(reader.texts(data, name, "values")) for name in names}
