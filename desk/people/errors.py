"""What accounts refuse."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desk.errors import InvalidForm


class Refused(InvalidForm):
    """A field cannot be so; words people.refused.<key> with `values` say why and what to do."""

    def __init__(self, field: str, key: str, **values: Any) -> None:
        super().__init__(field, f"{field}: {key}")
        self.key = key
        self.values = {"field": field, **values}


class AllRefused(InvalidForm):
    """Several fields cannot be so."""

    def __init__(self, faults: Sequence[InvalidForm]) -> None:
        super().__init__(faults[0].field, "; ".join(str(fault) for fault in faults))
        self.faults = faults


def read_all(readers: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """What each reader reads, by name. Raises AllRefused with all that they refuse, not the first alone."""
    values: dict[str, Any] = {}
    faults: list[InvalidForm] = []
    for name, read in readers.items():
        try:
            values[name] = read()
        except AllRefused as error:
            faults.extend(error.faults)
        except InvalidForm as error:
            faults.append(error)
    if faults:
        raise AllRefused(faults)
    return values
