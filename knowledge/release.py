"""A published release: an immutable folder, loaded and checked."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from glossaries.matchers import Matchers
from glossaries.resolve import Glossary
from knowledge.calibration import Calibrator
from knowledge.entries import FaqEntry
from knowledge.faq_index import EntryMask, FaqIndex
from knowledge.manifest import REMEDY, BrokenRelease, Manifest, read_manifest, verify
from knowledge.release_content import ReleaseContent, from_json
from knowledge.spelling import Speller
from knowledge.topics import Topics
from knowledge.vector_rows import ROWS, VECTORS
from knowledge.vocabulary import from_json as read_vocabularies
from knowledge.words import Words, find_faq_text
from markets.profile import MarketProfile

CONTENT = "content.json"
CALIBRATION = "calibration.json"
VOCABULARY = "vocabulary.json"
INDEX = "index"  # folder
_FOR_PUBLISHING = {ROWS, VECTORS}  # only the next publication reads these


@dataclass(frozen=True)
class Release:
    """What the company says at one moment.

    `index`, `calibrator` and `masks` are there only with vectors; without them the speller corrects nothing.
    """

    manifest: Manifest
    words: Words
    entries: Mapping[str, FaqEntry]  # by id
    markets: Mapping[str, MarketProfile]  # by code
    glossary: Glossary
    matchers: Matchers
    index: FaqIndex | None = None
    calibrator: Calibrator | None = None
    masks: Mapping[str, EntryMask] = field(default_factory=dict)  # by market: which vectors its customers may see
    by_market: Mapping[str, frozenset[str]] = field(default_factory=dict)  # ids of the entries that it has
    speller: Speller = field(default_factory=lambda: Speller({}))
    topics: Topics = field(default_factory=Topics)

    @property
    def id(self) -> str:
        """Name of the release and of its folder."""
        return self.manifest.id

    def warm(self) -> None:
        """Make what would otherwise be made at the first message of each market and language, 1 s in all."""
        for code, market in self.markets.items():
            for language in market.languages:
                self.matchers.matcher(code, language)

    def market_of(self, code: str) -> MarketProfile:
        """The market; for one that the release no longer has the first, so that nobody is left without words."""
        return self.markets.get(code) or next(iter(self.markets.values()))

    def offered(self, market: str) -> Set[str]:
        """Ids of the entries that the market's customers may get; every entry for an unknown market."""
        return self.by_market.get(market, self.entries.keys())


def load_release(folder: Path, embedder_fingerprint: str | None = None, *, with_vectors: bool = True) -> Release:
    """The release in `folder`, with every file that is read checked against its digest.

    `embedder_fingerprint`: the model of this process; with another model the vectors would mean nothing.
    None skips that check. Raises BrokenRelease, a SetupError, with the remedy.
    """
    manifest = read_manifest(folder)
    verify(folder, manifest, [*(manifest.files.keys() - _FOR_PUBLISHING)] if with_vectors else [CONTENT])
    if with_vectors and embedder_fingerprint not in (None, manifest.embedder):
        raise BrokenRelease(
            f"{folder} was made with the embedder {manifest.embedder}, this process has {embedder_fingerprint}; "
            "publish again with `aftersail publish`, or set AFTERSAIL_EMBEDDER back"
        )
    try:
        content = from_json((folder / CONTENT).read_bytes())
        return _release(folder, manifest, content, with_vectors)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenRelease(f"{folder} cannot be read by this version ({error!r}); {REMEDY}") from error


def entries_of(content: ReleaseContent, market: MarketProfile) -> frozenset[str]:
    """Ids of the entries that this market's customers may get."""
    return frozenset(
        entry.id
        for entry in content.entries
        if (entry.markets is None or market.code in entry.markets)
        and find_faq_text(entry, market, market.languages[0]) is not None
    )


def _release(folder: Path, manifest: Manifest, content: ReleaseContent, with_vectors: bool) -> Release:
    words = Words(content.replies, content.glossary)
    entries = {entry.id: entry for entry in content.entries}
    matchers = Matchers(content.glossary)
    if not with_vectors:
        return Release(manifest, words, entries, content.markets, content.glossary, matchers)
    index = FaqIndex.load(folder / INDEX)
    calibrator = Calibrator.from_json((folder / CALIBRATION).read_text(encoding="utf-8"))
    offered = {code: entries_of(content, market) for code, market in content.markets.items()}
    masks = {code: index.mask(ids) for code, ids in offered.items()}
    speller = _speller(folder, manifest)
    return Release(
        manifest,
        words,
        entries,
        content.markets,
        content.glossary,
        matchers,
        index,
        calibrator,
        masks,
        offered,
        speller,
        content.topics,
    )


def _speller(folder: Path, manifest: Manifest) -> Speller:
    """The release's speller; releases from before 0.6 have no words for it and are good to go back to all the same."""
    stored = VOCABULARY in manifest.files
    return Speller(read_vocabularies((folder / VOCABULARY).read_text(encoding="utf-8")) if stored else {})
