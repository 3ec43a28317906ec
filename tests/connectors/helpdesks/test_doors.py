"""Who may tell us something: signatures, ages, accounts, replays."""

from dataclasses import replace

import pytest

from connectors.helpdesks.zendesk.account import TEST_SECRET
from tests.connectors.helpdesks.conftest import MakeOffice
from tests.connectors.helpdesks.office import Office

ANSWER = "Ihr Paket ist seit gestern unterwegs und kommt morgen bei Ihnen an."


async def test_a_wrong_signature_is_refused(office: Office) -> None:
    async with office.case() as handoff:
        office.there.agent_writes(office.cases[0], ANSWER)
        (good,) = office.take()
        names = [name for name in good.headers if name.lower().endswith("signature")]
        for headers in (
            {**good.headers, names[0]: "sha256=" + "0" * 64},
            {name: value for name, value in good.headers.items() if name not in names},
            {**good.headers, names[0]: "ÿ"},
        ):
            encoded = {name: value.encode("latin-1").decode("latin-1") for name, value in headers.items()}
            if all(value.isascii() for value in encoded.values()):
                assert await office.post(replace(good, headers=encoded)) == 401
        assert await office.post(replace(good, body=good.body.replace(b"gestern", b"morgens"))) == 401
        await office.settle()
        assert office.answers(handoff) == []
        assert await office.post(good) in (200, 401)  # too old by now, or taken


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_an_old_or_future_signature_is_refused(office: Office, seconds: int) -> None:
    async with office.opened():
        webhook = office.there.signed({"event": "message_created", "id": 1}, at=office.clock.now + seconds)
        assert await office.post(webhook) == 401


async def test_a_replay_changes_nothing(office: Office) -> None:
    async with office.case() as handoff:
        office.there.agent_writes(office.cases[0], ANSWER)
        (good,) = office.take()
        for _ in range(3):
            assert await office.post(good) == 200
        await office.settle()
        office.clock.now -= 60
        assert await office.post(good) == 200
        await office.settle()
    assert len(office.answers(handoff)) == 1


async def test_a_change_of_state_replayed_under_another_name_changes_nothing(make_office: MakeOffice) -> None:
    office = make_office(when_resolved="hand_back")
    handoff = office.world.waiting("Wo bleibt mein Paket?")
    async with office.opened():
        await office.settle(2)
        office.there.agent_sets(office.cases[0], "resolved")
        (resolved,) = office.take()
        assert await office.post(resolved) == 200
        await office.settle(2)
        assert office.world.conversation(handoff.conversation_id).owner == "bot"
        office.there.agent_sets(office.cases[0], "open")
        await office.settle(2)
        renamed = {name: "made-up" if name == "X-Chatwoot-Delivery" else is_ for name, is_ in resolved.headers.items()}
        assert await office.post(replace(resolved, headers=renamed)) == 200  # within the time that a signature is good
        await office.settle(2)
    assert office.world.conversation(handoff.conversation_id).owner == "agent:outside"


async def test_another_secret_or_account_says_nothing(office: Office) -> None:
    async with office.case() as handoff:
        office.there.account_id = 4_444
        office.there.agent_writes(office.cases[0], ANSWER)
        (foreign,) = office.take()
        assert await office.post(foreign) == 200  # signed, but of an account that is not ours
        assert await office.post(office.there.signed({"event": "x"}, secret=TEST_SECRET)) == 401
        await office.settle()
    assert office.answers(handoff) == []


async def test_what_is_no_webhook_is_refused(office: Office) -> None:
    async with office.opened():
        payloads: tuple[object, ...] = ([], "text", {}, {"event": 5}, {"type": None})
        for payload in payloads:
            assert await office.post(office.there.signed(payload)) == 400
        assert await office.post(office.there.signed({"event": "x"}), vendor="freshdesk") == 404
        large = office.there.signed({"event": "x", "fill": "x" * 1_100_000})
        assert await office.post(large) == 413


async def test_cases_of_theirs_are_left_alone(office: Office) -> None:
    async with office.opened():
        office.world.waiting("Wo bleibt mein Paket?")
        await office.settle()
        if office.vendor == "zendesk":
            office.there.tickets[1] = {**office.there.tickets[int(office.cases[0])], "id": 1, "external_id": None}
            office.there.comments[1] = []
        else:
            office.there.conversations[9] = {**office.there.conversations[1], "id": 9, "custom_attributes": {}}
            office.there.messages[9] = []
        office.there.agent_writes("1" if office.vendor == "zendesk" else "9", ANSWER)
        await office.settle()
    assert all(item.author != "agent:outside/Anna" for item in office.world.messages(office.row().conversation_id))
