"""What accounts refuse."""

from typing import Any

from desk.errors import InvalidForm


class Refused(InvalidForm):
    """A field cannot be so; words people.refused.<key> with `values` say why and what to do."""

    def __init__(self, field: str, key: str, **values: Any) -> None:
        super().__init__(field, f"{field}: {key}")
        self.key = key
        self.values = {"field": field, **values}
