"""The door when the database or the writer is busy, away or fed with nonsense."""

import asyncio
import json
import sqlite3
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from connectors.events import Event
from connectors.intake import writer
from core.schema_channels import webhook_events
from tests.support.channel import NOW, event, make_body, said
from tests.support.channel_desk import Desk
from tests.support.records import new_engine


async def test_a_locked_database_sends_the_vendor_away_and_the_next_delivery_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.database.BUSY_TIMEOUT_MS", 100)
    desk = Desk(new_engine(tmp_path))
    lock = sqlite3.connect(tmp_path / "aftersail.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    async with desk.door() as client:
        answer = await desk.post(client, event(said("hi", "m1"), "e1"))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        lock.execute("ROLLBACK")
        assert (await desk.post(client, event(said("hi", "m1"), "e1"))).status_code == 200
    await desk.apply()
    assert len(desk.received) == 1


async def test_no_connection_left_sends_the_vendor_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: object) -> int:
        raise sa.exc.TimeoutError("QueuePool limit")

    monkeypatch.setattr(desk.inbox, "store_all", busy)
    async with desk.door() as client:
        assert (await desk.post(client, event(said("hi", "m1"), "e1"))).status_code == 503


async def test_too_many_webhooks_are_sent_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING", 3)
    crowded = Desk(desk.engine)  # its writer is not going, so that webhooks pile up
    transport = httpx.ASGITransport(crowded.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        waiting = [asyncio.create_task(crowded.post(client, event(said("x", f"m{i}"), f"e{i}"))) for i in range(5)]
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0.05)
        refused = [one.result().status_code for one in waiting if one.done()]
        writing = asyncio.create_task(crowded.writer.run())
        answers = [answer.status_code for answer in await asyncio.gather(*waiting)]
        writing.cancel()
    assert refused == [503, 503]
    assert sorted(answers) == [200, 200, 200, 503, 503]
    assert done


async def test_500_webhooks_at_once_are_all_written(desk: Desk) -> None:
    async with desk.door() as client:
        posts = (desk.post(client, event(said("x", f"m{i}", f"person-{i % 50}"), f"e{i}", NOW + i)) for i in range(500))
        answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {200}
    assert desk.count(webhook_events, state="waiting") == 500
    assert desk.sample("aftersail_events_new_total", channel="scripted") == 500


@pytest.mark.parametrize(
    "bad",
    [
        Event("e-bad", "bot-de", NOW, said("x", "m-bad", "half\ud83d")),
        Event("half\ud83d", "bot-de", NOW, said("x", "m-bad")),
        Event("e-bad", "bot-de", NOW, said("half\ud83d", "m-bad")),
    ],
    ids=["sender", "id", "words"],
)
async def test_an_event_that_cannot_be_written_harms_no_other(desk: Desk, bad: Event) -> None:
    async with desk.door() as client:
        body = json.dumps({"events": [json.loads(make_body(bad))["events"][0]]}).encode()
        good = [desk.post(client, event(said("x", f"m{i}"), f"e{i}")) for i in range(10)]
        answers = await asyncio.gather(*good, desk.post(client, body=body))
        assert [answer.status_code for answer in answers[:-1]] == [200] * 10
        assert (await desk.post(client, event(said("x", "m99"), "e99"))).status_code == 200


async def test_webhooks_that_wait_are_sent_away_when_the_writer_ends(desk: Desk) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(desk.app), base_url="http://test") as client:
        waiting = [asyncio.create_task(desk.post(client, event(said("x", f"m{i}"), f"e{i}"))) for i in range(3)]
        await asyncio.sleep(0.05)
        writing = asyncio.create_task(desk.writer.run())
        await asyncio.sleep(0)
        writing.cancel()
        answers = await asyncio.wait_for(asyncio.gather(*waiting), 30)
    assert {answer.status_code for answer in answers} == {503}
