"""People on the channels, on a real database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from conversations.contacts import Contacts, newest_token, return_token, use_token
from core.database import reading
from tests.support.channel import NOW, Clock

ANN = ("line", "jp", "ann")
BOB = ("line", "jp", "bob")


@pytest.fixture
def people(engine: Engine) -> Contacts:
    """People."""
    return Contacts(engine, Clock())


def test_any_known_name_is_the_person(people: Contacts) -> None:
    assert people.resolve("line", "jp", "a", ("a", "b")) == "a"
    assert people.resolve("line", "jp", "b", ()) == "a"
    assert people.resolve("line", "jp", "c", ("b",)) == "a"
    assert people.resolve("line", "jp", "c", ()) == "a"
    assert people.resolve("line", "tw", "b", ()) == "b"
    assert people.resolve("whatsapp", "jp", "b", ()) == "b"


def test_threads_agree_on_the_person(people: Contacts) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: people.resolve("line", "jp", "a", ("a", "b", "c")), range(40)))
    assert names == {"a"}


def test_new_names_are_the_persons_whoever_had_them(people: Contacts) -> None:
    people.resolve("line", "jp", "ann", ())
    people.resolve("line", "jp", "bob", ())
    for _ in range(2):
        people.rename("line", "jp", "ann", ("bob", "x", "bob"), {"id": "bob"})
    assert [people.resolve("line", "jp", name, ()) for name in ("ann", "bob", "x")] == ["ann"] * 3
    assert people.resolve("line", "tw", "bob", ()) == "bob"
    contact = people.find(*ANN)
    assert contact
    assert contact.address == {"id": "bob"}


def test_a_rename_of_a_stranger_makes_them_known(people: Contacts) -> None:
    people.rename("line", "jp", "old", ("new",), {"id": "new"})
    assert people.resolve("line", "jp", "new", ()) == "old"


def test_who_writes_has_not_blocked_us_and_is_never_younger(people: Contacts) -> None:
    people.block(*ANN, True)
    people.wrote(*ANN, NOW, "Ann", {"id": "a", "alias1": "b"})
    people.wrote(*ANN, NOW - 60, "", {"id": "old", "alias2": "c"})
    contact = people.find(*ANN)
    assert contact
    assert (contact.name, contact.blocked, contact.last_inbound_at) == ("Ann", False, NOW)
    assert contact.address == {"id": "a", "alias1": "b", "alias2": "c"}


def test_what_is_learnt_is_kept_beside_the_rest(people: Contacts) -> None:
    people.learn(*ANN, {"language": "ja", "name": "Ann"}, NOW)
    people.wrote(*ANN, NOW, "", {"id": "a"})
    contact = people.find(*ANN)
    assert contact
    assert (contact.profile, contact.address) == ({"language": "ja", "name": "Ann", "asked_at": NOW}, {"id": "a"})
    assert contact.name == "Ann"
    assert people.find(*BOB) is None


def token(engine: Engine, since: float = 0.0) -> tuple[str, float] | None:
    """Ann's newest unused token."""
    with reading(engine) as connection:
        return newest_token(connection, *ANN, since)


def test_the_newest_unused_token_is_used_once(engine: Engine, people: Contacts) -> None:
    assert token(engine) is None
    people.keep_token(*ANN, "t1", NOW)
    people.keep_token(*ANN, "t2", NOW + 1)
    people.keep_token(*BOB, "t3", NOW + 2)
    people.keep_token(*ANN, "t2", NOW + 50)
    assert token(engine) == ("t2", NOW + 1)
    with engine.begin() as connection:
        use_token(connection, "t2", NOW)
    assert token(engine) == ("t1", NOW)
    assert token(engine, NOW + 0.5) is None
    people.keep_token(*ANN, "t2", NOW + 60)
    assert token(engine) == ("t1", NOW)
    with engine.begin() as connection:
        return_token(connection, "t2")
    assert token(engine) == ("t2", NOW + 1)


@pytest.mark.parametrize(
    ("used", "span", "found"),
    [
        ([], (0, 100), ["ann"]),
        ([], (0, 5), []),  # the newest came later
        ([], (15, 100), []),  # all came earlier
        (["old"], (0, 100), ["ann"]),
        (["new"], (0, 100), []),  # told already with the newest: an older one tells nothing again
        (["old", "new"], (0, 100), []),
    ],
)
def test_whose_newest_token_ends_soon(
    engine: Engine, people: Contacts, used: list[str], span: tuple[float, float], found: list[str]
) -> None:
    people.keep_token(*ANN, "old", NOW)
    people.keep_token(*ANN, "new", NOW + 10)
    with engine.begin() as connection:
        for one in used:
            use_token(connection, one, NOW)
    assert [sender for _, sender in people.expiring("line", NOW + span[0], NOW + span[1])] == found
    assert people.expiring("whatsapp", NOW, NOW + 100) == []


def test_old_tokens_are_forgotten(people: Contacts) -> None:
    people.keep_token(*ANN, "t1", NOW)
    people.keep_token(*ANN, "t2", NOW + 10)
    assert people.purge_tokens(NOW + 10) == 1


def test_a_name_is_never_longer_than_the_table_takes(people: Contacts) -> None:
    """PostgreSQL refuses a longer one, and the person's messages with it."""
    people.wrote(*ANN, NOW, "A" * 256, {"id": "ann"})
    contact = people.find(*ANN)
    assert contact
    assert len(contact.name) == 200


NUMBER = "4915112345678"


def test_a_number_that_went_to_somebody_new_brings_them_nobodys_conversation(people: Contacts) -> None:
    """Of two people with the same number after each other, the second must not read what was said to the first."""
    first = people.resolve("whatsapp", "de", NUMBER, (NUMBER, "DE.1"))
    people.wrote("whatsapp", "de", first, NOW, "Ann", {"id": NUMBER, "alias1": "DE.1"})
    second = people.resolve("whatsapp", "de", NUMBER, (NUMBER, "DE.2"))
    assert (first, second) == (NUMBER, "DE.2")
    assert [people.resolve("whatsapp", "de", name, ()) for name in ("DE.1", "DE.2", NUMBER)] == [first, second, second]
    contact = people.find("whatsapp", "de", first)
    assert contact
    assert contact.address == {"alias1": "DE.1"}  # and what is said to the first does not go to the second


def test_a_number_goes_to_a_person_who_is_known_already(people: Contacts) -> None:
    people.resolve("whatsapp", "de", NUMBER, (NUMBER, "DE.1"))
    people.resolve("whatsapp", "de", "DE.2", ("DE.2",))
    assert people.resolve("whatsapp", "de", NUMBER, (NUMBER, "DE.2")) == "DE.2"
    assert people.resolve("whatsapp", "de", NUMBER, (NUMBER,)) == "DE.2"


@pytest.mark.parametrize(
    "said",
    [[(NUMBER,), (NUMBER, "DE.1")], [(NUMBER, "DE.1"), (NUMBER, "DE.1", "US.ENT.1")], [(NUMBER, "DE.1"), (NUMBER,)]],
)
def test_ids_that_a_channel_tells_by_and_by_are_one_persons(people: Contacts, said: list[tuple[str, ...]]) -> None:
    assert {people.resolve("whatsapp", "de", names[0], names) for names in said} == {NUMBER}


def test_an_id_that_the_channel_renewed_stays_the_persons(people: Contacts) -> None:
    people.resolve("whatsapp", "de", NUMBER, (NUMBER, "DE.1"))
    people.rename("whatsapp", "de", "DE.1", ("DE.2", NUMBER), {"id": "DE.2"})
    assert people.resolve("whatsapp", "de", NUMBER, (NUMBER, "DE.2")) == NUMBER
