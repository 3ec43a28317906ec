"""All content of a folder, read at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from core.errors import ContentError, Fault
from core.yaml_files import read_yaml, without_lines
from glossaries.load import load_glossary
from glossaries.resolve import Glossary
from knowledge.entries import FaqEntry
from knowledge.load_faq import load_faq
from knowledge.load_replies import CONTRACT_FILE, load_replies
from knowledge.load_topics import load_topics
from knowledge.replies import Replies
from knowledge.reply_contract import ReplyContract, load_contract
from knowledge.topics import Topics
from markets.load import load_markets
from markets.profile import MarketProfile

_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Folders:
    """Where the content of an installation lies."""

    faq: Path
    replies: Path
    markets: Path
    glossaries: Path
    topics: Path
    requests: Path

    @classmethod
    def under(cls, content_dir: Path) -> "Folders":
        """The folders below `content_dir` (the setting of that name)."""
        data = content_dir / "knowledge" / "data"
        return cls(
            data / "faq",
            data / "replies",
            content_dir / "markets" / "data",
            content_dir / "glossaries" / "data",
            data / "topics",
            data / "requests.yml",
        )


@dataclass(frozen=True)
class Content:
    """Everything that a release is made of."""

    folders: Folders
    entries: tuple[FaqEntry, ...]
    replies: Replies
    contract: ReplyContract
    markets: Mapping[str, MarketProfile]  # by code
    glossary: Glossary
    topics: Topics = field(default_factory=Topics)
    requests: Mapping[str, str] = field(default_factory=dict)  # intent → entry whose title names it on a button


def load_content(content_dir: Path) -> Content:
    """The content below `content_dir`. Raises ContentError with every fault of every file."""
    folders = Folders.under(content_dir)
    faults: list[Fault] = []
    entries = _part(lambda: load_faq(folders.faq), faults)
    replies = _part(lambda: load_replies(folders.replies), faults)
    contract = _part(lambda: load_contract(folders.replies / CONTRACT_FILE), faults)
    markets = _part(lambda: load_markets(folders.markets), faults)
    glossary = _part(lambda: load_glossary(folders.glossaries), faults)
    topics = _part(lambda: load_topics(folders.topics), faults)
    requests = _part(lambda: load_requests(folders.requests), faults)
    if entries is None or replies is None or contract is None or markets is None:
        raise ContentError(faults)
    if glossary is None or topics is None or requests is None:
        raise ContentError(faults)
    return Content(folders, entries, replies, contract, markets, glossary, topics, requests)


def load_requests(path: Path) -> Mapping[str, str]:
    """Intent → entry whose title names it on a button; empty when there is no such file. Raises ContentError."""
    return {str(k): str(v) for k, v in without_lines(read_yaml(path).data).items()} if path.exists() else {}


def _part(load: Callable[[], _Part], faults: list[Fault]) -> _Part | None:
    try:
        return load()
    except ContentError as error:
        faults += error.faults
        return None
