"""A bot of this process, opened once for a test file."""

from collections.abc import Callable, Iterator

import pytest

from aftersail.asking import Asker
from conversations.model import Hints
from tests.support.installation import Installation
from tests.support.talk import Customer, asker_of


@pytest.fixture(scope="module")
def asker(installation: Installation) -> Iterator[Asker]:
    with asker_of(installation) as asker:
        yield asker


@pytest.fixture
def customer(asker: Asker) -> Callable[..., Customer]:
    """Makes customers of a market; each has a conversation of their own."""
    return lambda market, **hints: Customer(asker, market, Hints(**hints))
