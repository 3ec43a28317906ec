"""Approved texts against the glossary: every {term:…} can be written, and no text has a forbidden word. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.errors import Fault, NotFound
from glossaries.check import examine
from glossaries.gate_terms import GateTerms
from glossaries.model import Term, TermSet
from glossaries.violations import Kind
from glossaries.write_term import write_term
from knowledge.content import Content
from knowledge.lint_report import Report
from knowledge.templates import Template, parse_template

_TERMS_ONLY = frozenset({Kind.FORBIDDEN_TERM, Kind.DO_NOT_TRANSLATE})


@dataclass(frozen=True)
class _Text:
    path: Path
    line: int
    where: str
    text: str
    language: str
    market: str = ""  # empty: said in every market


def lint_terms(content: Content, day: date, report: Report) -> None:
    """Add each text that the gate would stop on `day` to `report`."""
    gate = GateTerms("lint", content.glossary)
    texts = list(_texts(content))
    markets = [code for code in content.markets if code in content.glossary.markets]
    for code in content.markets.keys() - set(markets):
        message = (
            f"market {code} is not in this list; add `{code}: {{}}`, and a file markets/{code}.csv with the header"
        )
        report.faults.append(Fault(content.folders.glossaries / "layers.yml", 0, message))
    for language in dict.fromkeys(text.language for text in texts):
        checked: set[tuple[Term, ...]] = set()
        for market in markets:
            terms = content.glossary.terms_for(market, language, day)
            own = [text for text in texts if text.language == language and text.market == market]
            # Most markets have no terms of their own in a language: their common texts are checked once.
            common = [] if terms.terms in checked else [t for t in texts if t.language == language and not t.market]
            checked.add(terms.terms)
            for text in [*common, *own]:
                report.faults += [Fault(text.path, text.line, m) for m in _faults(text, terms, gate)]


def _faults(text: _Text, terms: TermSet, gate: GateTerms) -> Iterator[str]:
    template = parse_template(text.text)
    problems = list(_unwritable(template, terms))
    yield from (f"{text.where}: {problem}" for problem in problems)
    if problems:
        return
    words = _written(template, terms)
    for violation in examine(words, None, terms.market, terms.language, gate, approved=True).violations:
        if violation.kind in _TERMS_ONLY:
            instead = f"; write {violation.fix!r}" if violation.fix else ""
            yield f"{text.where}: {violation.found!r} must not leave in {terms.market}: {violation.reason}{instead}"


def _unwritable(template: Template, terms: TermSet) -> Iterator[str]:
    for reference in template.terms:
        if reference.unknown_features:
            yield f"{{term:{reference.concept}:…}} has unknown labels {', '.join(reference.unknown_features)}"
            continue
        try:
            write_term(terms, reference)
        except NotFound as error:
            yield str(error)


def _written(template: Template, terms: TermSet) -> str:
    """The text with its terms, and other values as an ellipsis."""
    references = iter(template.terms)
    return template.fill(lambda name: write_term(terms, next(references)) if name[1:5] == "erm:" else "…")


def _texts(content: Content) -> Iterator[_Text]:
    for entry in content.entries:
        for text in entry.texts.values():
            path = content.folders.faq / f"{text.language}.yml"
            for said in filter(None, (text.title, text.short, text.answer, *(v.answer for v in text.variants))):
                yield _Text(path, text.line, f"entry {entry.id!r}", said, text.language)
    layers = [("", language, texts) for language, texts in content.replies.texts.items()]
    layers += [
        (code, language, texts) for code, own in content.replies.overrides.items() for language, texts in own.items()
    ]
    for market, language, texts in layers:
        path = content.folders.replies / (f"markets/{market}.yml" if market else f"{language}.yml")
        for name, reply in texts.items():
            shorts = (reply.short, *(button.short for button in reply.buttons))
            for said in (reply.text, *(button.title for button in reply.buttons), *filter(None, shorts)):
                yield _Text(path, reply.line, f"reply {name!r}", said, language, market)
