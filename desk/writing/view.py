"""A look at a text as the composer gets it: places counted as browsers do, and the preview as a piece of page."""

from collections.abc import Mapping
from typing import Any

from conversations.model import Conversation
from desk.reasons import Because
from desk.web.ask import Ask
from desk.web.render import direction
from desk.writing.look import Look
from desk.writing.spans import utf16_offsets
from glossaries.violations import Violation

Json = dict[str, Any]


def to_json(ask: Ask, conversation: Conversation, look: Look) -> Json:
    """All that the composer shows of it."""
    reply = look.reply
    if reply is None:
        page = preview_page(ask, conversation, look, [])
        return {
            "untranslated": Because(ask.words)(look.reason) or ask.words("writing.no_reason"),
            "findings": [],
            "html": page,
        }
    at = utf16_offsets(reply.text)
    findings = [_finding(ask, violation, at) for violation in look.findings]
    translation = reply.payload.get("translation", {})
    terms = [{"start": at[m.start], "end": at[m.end], "concept": m.term.concept} for m in look.terms]
    return {
        "text": reply.text,
        "language": reply.language,
        "dir": direction(reply.language),
        "translated": bool(translation.get("original")),
        "edited": bool(translation.get("edited")),
        "findings": findings,
        "terms": terms,
        "fixed": look.fixed if look.fixable else "",
        "html": preview_page(ask, conversation, look, findings),
    }


def preview_page(ask: Ask, conversation: Conversation, look: Look, findings: list[Json]) -> str:
    """Bubbles, cost, and the list of findings."""
    deps, reply = ask.deps, look.reply
    values: Mapping[str, Any] = {
        "conversation": conversation,
        "state": deps.channels.state(conversation),
        "preview": deps.channels.preview(conversation, reply.text, reply.payload) if reply else None,
        "reply": reply,
        "translation": reply.payload.get("translation", {}) if reply else {},
        "findings": findings,
        "fixable": look.fixable,
        "terms": _names(look),
        "reason": look.reason,
    }
    return ask.pages.write("writing/preview.html", ask, values)


def _finding(ask: Ask, violation: Violation, at: Any) -> Json:
    return {
        "kind": violation.kind.value,
        "title": ask.words(f"writing.kinds.{violation.kind.value}"),
        "start": at[violation.start],
        "end": at[violation.end],
        "found": violation.found,
        "reason": Because(ask.words)(violation.reason),
        "fix": violation.fix,
    }


def _names(look: Look) -> list[str]:
    """The market's terms in the text, each once."""
    if look.reply is None:
        return []
    return list(dict.fromkeys(look.reply.text[match.start : match.end] for match in look.terms))
