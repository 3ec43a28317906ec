"""detect, parse and ask: messages in on standard input, JSON lines out on standard output."""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any, TextIO
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from conversations.language_reader import as_json
from conversations.model import MAX_TEXT, Hints, Inbound
from core.json_lines import BadLine, read_objects
from core.settings import Settings
from languages.identify import Evidence
from languages.opening import open_identifier


class Line(BaseModel):
    """One message on standard input."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(max_length=1_000_000)
    conversation: str = Field("", max_length=100)
    market: str = Field("", max_length=8)
    language: str = Field("", max_length=16)
    channel: str = Field("", max_length=32)
    sender: str = Field("", max_length=100)


def read_lines(source: TextIO, jsonl: bool) -> Iterator[Line]:
    """The messages of the input, one a line. Raises BadLine with the line's number."""
    if jsonl:
        yield from read_objects(source, Line)
    else:
        yield from (Line(text=row.rstrip("\r\n")) for row in source)


def detect_lines(settings: Settings, market: str, jsonl: bool) -> None:
    """{text, language, confidence, decision, evidence} for each line."""
    from knowledge.content import load_content

    markets = load_content(settings.content_dir).markets
    identifier = open_identifier()
    histories: dict[str, dict[str, float]] = {}
    for line in read_lines(_stdin(), jsonl):
        code = _known(line.market or market, markets)
        evidence = Evidence(
            market_languages=markets[code].languages,
            history=histories.get(line.conversation, {}) if line.conversation else {},
            chosen=line.language or None,
        )
        decision = identifier.identify(line.text, evidence)
        if line.conversation:
            histories[line.conversation] = decision.history
        _write({"text": line.text, **as_json(decision)})


def parse_lines(settings: Settings, market: str, language: str, jsonl: bool) -> None:
    """{text, language, intent, entities, faq, decision} for each line."""
    from aftersail.assembly import open_bot

    parts = open_bot(settings)
    markets = parts.holder.current().markets
    identifier = open_identifier(is_topic=parts.holder.current().topics.has)
    with asyncio.Runner() as runner:
        for line in read_lines(_stdin(), jsonl):
            code = _known(line.market or market, markets)
            evidence = Evidence(market_languages=markets[code].languages, chosen=line.language or language or None)
            decision = identifier.identify(line.text, evidence)
            metadata = {"market": code, "language": decision.language, "decision": as_json(decision)}
            parsed = runner.run(parts.bot.parse(line.text[:MAX_TEXT], metadata))
            _write(
                {
                    "text": line.text,
                    "language": decision.language,
                    "intent": {key: parsed["intent"][key] for key in ("name", "confidence")},
                    "entities": [_entity(entity) for entity in parsed["entities"]],
                    "faq": parsed.get("faq") or [],
                    "decision": parsed.get("decision", "unsure"),
                }
            )


def ask_lines(settings: Settings, market: str, language: str, channel: str, *, new_each: bool, jsonl: bool) -> None:
    """{text, language, replies, owner} for each line, through record and worker."""
    asyncio.run(_ask_lines(settings, market, language, channel, new_each=new_each, jsonl=jsonl))


async def _ask_lines(
    settings: Settings, market: str, language: str, channel: str, *, new_each: bool, jsonl: bool
) -> None:
    from aftersail.asking import open_asker

    asker = open_asker(settings)
    run = uuid4().hex[:12]
    for number, line in enumerate(read_lines(_stdin(), jsonl)):
        code = _known(line.market or market, asker.markets)
        name = line.conversation or (f"line-{number}" if new_each else "all")
        sender = line.sender or f"ask-{run}-{name}"
        inbound = Inbound(
            channel=line.channel or channel,
            sender=f"{sender}-{line.conversation}" if line.sender and line.conversation else sender,
            market=code,
            text=line.text[:MAX_TEXT],
            provider_id=f"ask-{run}-{number}",
            hints=Hints(chosen_language=line.language or language),
        )
        _write(await asker.ask(inbound))


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    return {key: entity[key] for key in ("entity", "value", "start", "end")}


def _known(code: str, markets: Any) -> str:
    if code not in markets:
        raise BadLine(f"there is no market {code!r}; there are {', '.join(markets)}")
    return code


def _stdin() -> TextIO:
    # Broken bytes become U+FFFD: a message is never refused for its encoding.
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper
    return sys.stdin


def _write(data: dict[str, Any]) -> None:
    line = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode()
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
