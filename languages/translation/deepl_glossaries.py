"""Glossaries at DeepL: they cannot be changed, so each new term makes a new one that holds the old terms too."""

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from languages.translation.engine import EngineDown

PREFIX = "aftersail"
KEPT = 3  # glossaries of a pair: markets may differ in a term, and another process may still use the one before
MAX_TERMS = 5_000

Bases = tuple[str, str]
Call = Callable[[Callable[[Any], Any]], Any]


@dataclass(frozen=True)
class Known:
    """A glossary that is ready."""

    id: str
    entries: Mapping[str, str]

    def holds(self, entries: Mapping[str, str]) -> bool:
        """Whether every term is in it."""
        return entries.items() <= self.entries.items()

    def agrees(self, entries: Mapping[str, str]) -> bool:
        """Whether no term is translated otherwise in it."""
        return all(self.entries.get(source, target) == target for source, target in entries.items())


class DeeplGlossaries:
    """Finds the glossary for a text's terms, makes it when there is none, removes outdated ones. Thread-safe."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._lock = threading.Lock()
        self._known: dict[Bases, list[Known]] = {}  # the newest first
        self._supported: frozenset[Bases] | None = None

    def supported(self) -> frozenset[Bases]:
        """Pairs of languages that DeepL knows glossaries for. Raises EngineDown, SetupError."""
        with self._lock:
            if self._supported is None:
                found = self._call(lambda client: client.get_glossary_languages())
                self._supported = frozenset((pair.source_lang.lower(), pair.target_lang.lower()) for pair in found)
            return self._supported

    def of(self, bases: Bases, terms: tuple[tuple[str, str], ...]) -> str | None:
        """The id of a glossary that holds `terms`; None where DeepL has no glossaries, or there is no term.

        Raises EngineDown also when the account may not make one: without it, terms would be wrong without a word.
        """
        tidy = ((" ".join(source.split()), " ".join(target.split())) for source, target in terms[:MAX_TERMS])
        entries = {source: target for source, target in tidy if source and target}
        if not entries or bases not in self.supported():
            return None
        with self._lock:
            if bases not in self._known:
                self._known[bases] = self._found(bases)
            known = next((one for one in self._known[bases] if one.holds(entries)), None)
            return (known or self._extended(bases, entries)).id

    def forget(self) -> None:
        """Look for the glossaries anew: one that was known may have been deleted elsewhere."""
        with self._lock:
            self._known.clear()

    def _found(self, bases: Bases) -> list[Known]:
        """What other processes, or this one before its restart, have made."""
        ready = [one for one in self._listed(bases) if one.ready][:KEPT]
        return [Known(str(one.glossary_id), self._entries(one)) for one in ready]

    def _extended(self, bases: Bases, entries: Mapping[str, str]) -> Known:
        """A new glossary with `entries` and those of the newest one that agrees with them."""
        agreeing = next((one for one in self._known[bases] if one.agrees(entries)), None)
        if agreeing and len(agreeing.entries) + len(entries) <= MAX_TERMS:
            entries = {**agreeing.entries, **entries}
        for old in self._listed(bases)[KEPT - 1 :]:  # room first: an account may hold few
            self._delete(old)
        made = self._call(lambda client: client.create_glossary(_name(bases, entries), bases[0], bases[1], entries))
        if not made.ready:
            self._known.pop(bases)
            raise EngineDown("DeepL is still making the glossary; try again in a moment")
        known = Known(str(made.glossary_id), dict(entries))
        self._known[bases] = [known, *self._known[bases]][:KEPT]
        return known

    def _listed(self, bases: Bases) -> list[Any]:
        """Our glossaries of the pair at DeepL, the newest first."""
        listed = self._call(lambda client: client.list_glossaries())
        ours = [one for one in listed if one.name.startswith(_stem(bases))]
        return sorted(ours, key=lambda one: one.creation_time, reverse=True)

    def _entries(self, glossary: Any) -> dict[str, str]:
        return dict(self._call(lambda client: client.get_glossary_entries(glossary)))

    def _delete(self, glossary: Any) -> None:
        self._call(lambda client: client.delete_glossary(glossary))


def _stem(bases: Bases) -> str:
    return f"{PREFIX} {bases[0]}-{bases[1]} "


def _name(bases: Bases, entries: Mapping[str, str]) -> str:
    lines = "\n".join(f"{source}\t{target}" for source, target in sorted(entries.items()))
    return _stem(bases) + hashlib.sha256(lines.encode()).hexdigest()[:16]
