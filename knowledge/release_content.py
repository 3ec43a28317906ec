"""A release's content as JSON and back: entries, replies and market profiles."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.yaml_files import read_yaml, without_lines
from glossaries import glossary_json
from glossaries.resolve import Glossary
from knowledge.content import Content
from knowledge.entries import FaqEntry, FaqText, Variant
from knowledge.replies import Button, NamedTexts, Replies, ReplyText
from knowledge.topics import Topics
from markets.profile import MarketProfile


@dataclass(frozen=True)
class ReleaseContent:
    """What a release says, without its vectors."""

    entries: tuple[FaqEntry, ...]
    replies: Replies
    markets: Mapping[str, MarketProfile]
    glossary: Glossary
    topics: Topics = field(default_factory=Topics)


def to_json(content: Content) -> bytes:
    """The content as UTF-8 JSON; the same content always gives the same bytes."""
    replies = content.replies
    data = {
        "entries": [_entry_data(entry) for entry in content.entries],
        "replies": {language: _named_data(texts) for language, texts in replies.texts.items()},
        "overrides": {
            market: {language: _named_data(texts) for language, texts in languages.items()}
            for market, languages in replies.overrides.items()
        },
        "markets": {code: _market_data(content.folders.markets / f"{code}.yml") for code in content.markets},
        "glossary": glossary_json.to_data(content.glossary),
        **({"topics": asdict(content.topics)} if content.topics.choices else {}),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def from_json(data: bytes) -> ReleaseContent:
    """The content that to_json wrote. Raises ValueError, KeyError or TypeError for anything else."""
    parsed = json.loads(data)
    markets = {
        code: MarketProfile.model_validate_json(json.dumps(fields), strict=True)
        for code, fields in parsed["markets"].items()
    }
    overrides = {
        market: {language: _named(texts) for language, texts in languages.items()}
        for market, languages in parsed["overrides"].items()
    }
    replies = Replies({language: _named(texts) for language, texts in parsed["replies"].items()}, overrides)
    glossary = glossary_json.from_data(parsed["glossary"])
    topics = _topics(parsed.get("topics") or {"choices": {}, "names": {}})
    return ReleaseContent(tuple(_entry(entry) for entry in parsed["entries"]), replies, markets, glossary, topics)


def _topics(data: Mapping[str, Any]) -> Topics:
    names = {language: _tuples(topics) for language, topics in data["names"].items()}
    return Topics(_tuples(data["choices"]), names)


def _tuples(lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(items) for name, items in lists.items()}


def _market_data(path: Path) -> Any:
    return without_lines(read_yaml(path).data)


def _entry_data(entry: FaqEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "markets": None if entry.markets is None else sorted(entry.markets),
        "texts": {
            language: {
                "title": text.title,
                "questions": list(text.questions),
                "answer": text.answer,
                "variants": [[variant.when, variant.answer] for variant in text.variants],
                **({"short": text.short} if text.short else {}),
            }
            for language, text in entry.texts.items()
        },
    }


def _entry(data: Mapping[str, Any]) -> FaqEntry:
    texts = {
        language: FaqText(
            language=language,
            title=text["title"],
            questions=tuple(text["questions"]),
            answer=text["answer"],
            variants=tuple(Variant(when, answer) for when, answer in text["variants"]),
            short=text.get("short", ""),
        )
        for language, text in data["texts"].items()
    }
    return FaqEntry(data["id"], texts, None if data["markets"] is None else frozenset(data["markets"]))


def _named_data(texts: NamedTexts) -> dict[str, Any]:
    return {
        name: [_with_short(reply.text, reply.short), *map(_button_data, reply.buttons)] for name, reply in texts.items()
    }


def _button_data(button: Button) -> list[str]:
    return [button.title, button.payload, *([button.short] if button.short else [])]


def _with_short(text: str, short: str) -> str | list[str]:
    return [text, short] if short else text


def _named(data: Mapping[str, Any]) -> NamedTexts:
    return {name: _reply(*parts) for name, parts in data.items()}


def _reply(words: str | Sequence[str], *buttons: Sequence[str]) -> ReplyText:
    text, short = (words, "") if isinstance(words, str) else words
    return ReplyText(text, tuple(Button(*button) for button in buttons), short)
