"""A hand-off as a note: the newest summary on top, then the conversation, original beside translation. Pure.

What people wrote is masked and escaped here, once for both forms.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from connectors.helpdesks.helpdesk import Note
from connectors.helpdesks.words_file import AgentWords

MAX_NOTE = 60_000  # bytes of either form
MAX_LINE = 6_000  # characters of one message
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~])")
_LIST = re.compile(r"^(\s*)([-=]|\d+\.)", re.MULTILINE)
_ISOLATE, _END = "\u2068", "\u2069"  # of a text whose direction its own letters decide


@dataclass(frozen=True)
class Line:
    """A message of the conversation. `author`: customer, bot, agent:<name>, system."""

    author: str
    at: float
    text: str
    language: str
    translation: str = ""  # in the agents' language; empty: none is needed, or none can be had
    files: tuple[str, ...] = ()  # addresses


@dataclass(frozen=True)
class CasePacket:
    """What a hand-off is about. `facts`: (key of words/*.yml, text), the most telling first."""

    reason: str
    name: str  # of the customer; empty: not known
    person: str  # stable and says nothing of who it is
    language: str
    market: str
    urgent: bool
    facts: Sequence[tuple[str, str]]
    lines: Sequence[Line]  # the oldest first
    link: str  # to the conversation in our own desk
    left_out: int = 0  # messages older than `lines`


Mask = Callable[[str], str]


def packet_note(packet: CasePacket, words: AgentWords, mask: Mask) -> Note:
    """The first note of a case, 60 kB at most in either form: what has no room is the oldest of the conversation."""
    lines = list(packet.lines)
    rendered = [(_html_line(line, words, mask), _markdown_line(line, words, mask)) for line in lines]
    head_html, head_markdown = _html_head(packet, words, mask), _markdown_head(packet, words, mask)
    used = [len(head_html.encode()) + 1_000, len(head_markdown.encode()) + 1_000]
    kept: list[tuple[str, str]] = []
    for html, markdown in reversed(rendered):
        used = [used[0] + len(html.encode()), used[1] + len(markdown.encode()) + 2]
        if max(used) > MAX_NOTE:
            break
        kept.insert(0, (html, markdown))
    missing = packet.left_out + len(rendered) - len(kept)
    left_out = words.say("left_out", count=missing) if missing else ""
    return Note(
        head_html + (f"<p>{escape(left_out)}</p>" if left_out else "") + _table(kept, words),
        "\n\n".join([head_markdown, *([left_out] if left_out else []), *(markdown for _, markdown in kept)]),
    )


def message_note(line: Line, words: AgentWords, mask: Mask) -> Note:
    """A customer's message as the agents read it: original first, then the translation."""
    original, files = _shown(line, mask), [*line.files]
    html = f"<div{_direction(original)}>{_lines(original)}</div>" if original else ""
    markdown = [to_markdown(original)] if original else []
    if line.translation:
        said = words.say("translated", text=mask(line.translation)[:MAX_LINE])
        html += f"<div{_direction(said)}><em>{_lines(said)}</em></div>"
        markdown.append(f"_{to_markdown(said)}_")
    html += "".join(f"<div>{_anchor(file, words.say('file'))}</div>" for file in files)
    markdown += [f"{words.say('file')}: <{file}>" for file in files]
    return Note(html, "\n\n".join(markdown))


def plain_note(text: str) -> Note:
    """A text of ours, which may quote people."""
    return Note(f"<div{_direction(text)}>{_lines(text)}</div>", to_markdown(text))


def to_markdown(text: str) -> str:
    """The text so that Markdown shows it as it stands; its direction is its own."""
    shown = _LIST.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", text))
    return f"{_ISOLATE}{shown}{_END}" if _is_rtl(text) else shown


def is_empty(note: Note) -> bool:
    """Whether there is nothing to read in it."""
    return not note.markdown.strip()


def _html_head(packet: CasePacket, words: AgentWords, mask: Mask) -> str:
    rows = "".join(
        f'<tr><th align="left">{escape(words.say(key))}</th><td{_direction(value)}>{_lines(value)}</td></tr>'
        for key, value in _facts(packet, mask)
    )
    link = _anchor(packet.link, words.say("whole"))
    title, how = escape(words.say("title")), escape(words.say("how"))
    return f"<p><strong>{title}</strong></p><p>{how}</p><table>{rows}</table><p>{link}</p>"


def _markdown_head(packet: CasePacket, words: AgentWords, mask: Mask) -> str:
    facts = [f"**{words.say(key)}:** {to_markdown(value)}" for key, value in _facts(packet, mask)]
    link = f"[{words.say('whole')}]({packet.link})"
    return "\n\n".join([f"**{words.say('title')}**", words.say("how"), *facts, link, f"**{words.say('transcript')}**"])


def _facts(packet: CasePacket, mask: Mask) -> list[tuple[str, str]]:
    return [(key, mask(value)[:MAX_LINE]) for key, value in packet.facts if value]


def _table(kept: Sequence[tuple[str, str]], words: AgentWords) -> str:
    heads = "".join(
        f'<th align="left">{escape(words.say(key))}</th>' for key in ("transcript", "original", "translation")
    )
    return f"<table><tr>{heads}</tr>{''.join(html for html, _ in kept)}</table>"


def _html_line(line: Line, words: AgentWords, mask: Mask) -> str:
    original, translation = _shown(line, mask), mask(line.translation)[:MAX_LINE]
    files = "".join(f"<br>{_anchor(file, words.say('file'))}" for file in line.files)
    return (
        f"<tr><td>{escape(_who(line, words))}<br>{_time(line.at)}</td>"
        f"<td{_lang(line.language)}{_direction(original)}>{_lines(original)}{files}</td>"
        f"<td{_direction(translation)}>{_lines(translation)}</td></tr>"
    )


def _markdown_line(line: Line, words: AgentWords, mask: Mask) -> str:
    parts = [f"**{to_markdown(_who(line, words))}** · {_time(line.at)}", to_markdown(_shown(line, mask))]
    if line.translation:
        parts.append(f"_{to_markdown(words.say('translated', text=mask(line.translation)[:MAX_LINE]))}_")
    parts += [f"{words.say('file')}: <{file}>" for file in line.files]
    return "\n".join(f"> {row}" if row else ">" for part in parts for row in part.split("\n"))


def _shown(line: Line, mask: Mask) -> str:
    return mask(line.text)[:MAX_LINE]


def _who(line: Line, words: AgentWords) -> str:
    if line.author.startswith("agent:"):
        return f"{words.say('agent')} {line.author.removeprefix('agent:')}"
    return words.say(line.author) if line.author in ("customer", "bot") else words.say("system")


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _anchor(address: str, label: str) -> str:
    return f'<a href="{escape(address)}">{escape(label)}</a>' if address.startswith(("http://", "https://")) else ""


def _lang(language: str) -> str:
    return f' lang="{escape(language)}"' if language else ""


def _direction(text: str) -> str:
    return ' dir="rtl"' if _is_rtl(text) else ' dir="ltr"'


def _is_rtl(text: str) -> bool:
    """Whether more letters run from right to left than the other way."""
    kinds = [unicodedata.bidirectional(char) for char in text[:500]]
    return sum(kind in ("R", "AL") for kind in kinds) > sum(kind == "L" for kind in kinds)
