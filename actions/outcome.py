"""What an action decides: names and values, never words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.value_json import to_json
from knowledge.values import Value


@dataclass(frozen=True)
class Line:
    """One reply by name, with the values that its text may use."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def to_json(self) -> list[Any]:
        """[name, values] as JSON."""
        return [self.name, {key: to_json(value) for key, value in self.values.items()}]


@dataclass(frozen=True)
class Say:
    """One message to the customer: a first line, further lines below it, and choices."""

    line: Line
    then: Sequence[Line] = ()
    # A choice is the name of a text ("faq:returns-window", "label_none_of_these"), or a title that is no word.
    choices: Sequence[tuple[str, str]] = ()  # (name or title, payload)
    languages: Sequence[str] = ()  # said in each of these; empty: in the customer's

    def to_json(self) -> dict[str, Any]:
        """Arguments of rasa-sdk's utter_message."""
        name, values = self.line.to_json()
        return {
            "response": name,
            "values": values,
            "then": [line.to_json() for line in self.then],
            "choices": [list(choice) for choice in self.choices],
            "languages": list(self.languages),
        }


@dataclass(frozen=True)
class Outcome:
    """What the customer is told, what the bot remembers, and what it wishes from the record."""

    says: Sequence[Say] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    wishes: Mapping[str, Any] = field(default_factory=dict)


def say(name: str, *then: Line, **values: Value) -> Say:
    """A message of the reply `name`, followed by further lines."""
    return Say(Line(name, values), then)


def line(name: str, **values: Value) -> Line:
    """A line to stand below another one."""
    return Line(name, values)


def begin_with(first: Line, outcome: Outcome) -> Outcome:
    """`outcome` whose first message begins with the line `first`; a message of its own when nothing is said."""
    if not outcome.says:
        return Outcome([Say(first)], outcome.slots, outcome.wishes)
    head, *rest = outcome.says
    joined = Say(first, [head.line, *head.then], head.choices, head.languages)
    return Outcome([joined, *rest], outcome.slots, outcome.wishes)
