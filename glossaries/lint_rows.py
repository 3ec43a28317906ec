"""Faults that show within one layer: a row by itself, and rows of the same concept or text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from glossaries.lint_report import Report, suggestion
from glossaries.lint_text import note_problem, seems_right, term_problems
from glossaries.model import Status, Term
from glossaries.resolve import Glossary, folded, term_key, turning_days

_WRITTEN = (Status.ALLOWED, Status.SEARCH)  # a concept with such rows must also have a preferred one


def lint_layer(layer: str, terms: Sequence[Term], glossary: Glossary, report: Report) -> None:
    """Add the faults and warnings of one layer."""
    languages = glossary.layers.written_in(layer)
    for term in terms:
        for message in _row_problems(term, languages, glossary):
            report.fault(term, message)
    _lint_duplicates(terms, report)
    _lint_preferred(terms, report, must_have_one=layer.startswith("languages/"))


def overlap(one: Term, other: Term) -> bool:
    """Whether there is a day on which both rows hold."""
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (other.valid_from or date.min) <= (
        one.valid_to or date.max
    )


def _row_problems(term: Term, languages: tuple[str, ...], glossary: Glossary) -> list[str]:
    problems: list[str] = []
    if term.language not in languages:
        near = suggestion(term.language, languages)
        problems.append(f"language: {term.language!r} does not belong here; write {' or '.join(languages)}{near}")
    if term.concept not in glossary.concepts:
        near = suggestion(term.concept, glossary.concepts)
        problems.append(f"concept: {term.concept!r} does not stand in concepts.csv{near}")
    if term.scope:
        problems += _scope_problems(term, glossary)
    if term.status is Status.FORBIDDEN:
        problems += _forbidden_problems(term)
    if not seems_right((term.text, term.replacement or term.text, *(form.text for form in term.forms))):
        problems += _text_problems(term)
    if term.note or term.reason or term.evidence:
        problems += _note_problems(term)
    if term.forms:
        problems += _form_problems(term)
    return problems


def _scope_problems(term: Term, glossary: Glossary) -> Iterator[str]:
    for concept in term.scope:
        if concept not in glossary.concepts:
            near = suggestion(concept, glossary.concepts)
            yield f"scope: {concept!r} does not stand in concepts.csv{near}"


def _forbidden_problems(term: Term) -> Iterator[str]:
    if not term.reason:
        yield "reason: is empty; say in one sentence why the term is forbidden"
    if not term.replacement:
        yield "replacement: is empty; name the term to write instead"
    elif term_key(term) == term_key(replace(term, text=term.replacement)):
        yield "replacement: is the forbidden term itself; name another one"


def _text_problems(term: Term) -> Iterator[str]:
    yield from (f"term: {problem}" for problem in term_problems(term.text, term.language))
    if term.replacement:
        yield from (f"replacement: {problem}" for problem in term_problems(term.replacement, term.language))
    for form in term.forms:
        yield from (f"forms: {problem}" for problem in term_problems(form.text, term.language))


def _note_problems(term: Term) -> Iterator[str]:
    for column, text in (("note", term.note), ("reason", term.reason), ("evidence", term.evidence)):
        if problem := note_problem(text):
            yield f"{column}: {problem}"


def _form_problems(term: Term) -> Iterator[str]:
    compare = str if term.case_sensitive else str.lower
    base = compare(term.text)
    texts = [compare(form.text) for form in term.forms]
    if base not in texts and len(set(texts)) == len(texts):
        return
    labelled = {text for text, form in zip(texts, term.forms, strict=True) if form.features}
    seen: set[tuple[str, frozenset[str]]] = set()
    for text, form in zip(texts, term.forms, strict=True):
        if not form.features and text == base:
            yield f"forms: {form.text!r} is the term itself; remove it or label it, such as pl:"
        elif (text, form.features) in seen or (not form.features and text in labelled):
            yield f"forms: {form.text!r} stands there twice; keep one"
        seen.add((text, form.features))


def _lint_duplicates(terms: Sequence[Term], report: Report) -> None:
    groups: dict[tuple[str, str, str], list[Term]] = defaultdict(list)
    for term in terms:
        groups[term.concept, term.language, folded(term.text)].append(term)
    for group in groups.values():
        for number in range(1, len(group)):
            second = group[number]
            first = next((term for term in group[:number] if _same_row(term, second)), None)
            if first is None:
                continue
            line = first.origin.line
            if first.status is second.status:
                report.fault(second, f"term: {second.text!r} of {second.concept} stands in line {line} too; keep one")
            else:
                report.fault(
                    second,
                    f"status: {second.text!r} of {second.concept} is {second.status} here and {first.status} "
                    f"in line {line}; keep one row, or give them valid_from and valid_to that do not overlap",
                )


def _same_row(one: Term, other: Term) -> bool:
    return overlap(one, other) and (one.text == other.text or term_key(one) == term_key(other))


def _lint_preferred(terms: Sequence[Term], report: Report, *, must_have_one: bool) -> None:
    preferred: dict[tuple[str, str], list[Term]] = defaultdict(list)
    firsts: dict[tuple[str, str], Term] = {}
    for term in terms:
        key = (term.concept, term.language)
        if term.status is Status.PREFERRED:
            preferred[key].append(term)
        if term.status is Status.PREFERRED or term.status in _WRITTEN:
            firsts.setdefault(key, term)
    for group in preferred.values():
        for number in range(1, len(group)):
            second = group[number]
            if first := next((term for term in group[:number] if overlap(term, second)), None):
                report.fault(
                    second,
                    f"status: {second.concept} has the preferred term {first.text!r} in line {first.origin.line} "
                    "already; make one of them allowed",
                )
    if must_have_one:
        for key, first in firsts.items():
            if missing := _without_preferred(preferred.get(key, [])):
                report.fault(first, f"status: {first.concept} has no preferred term{missing}; make one preferred")


def _without_preferred(preferred: Sequence[Term]) -> str:
    """` on 2026-01-01` for the first day without; " at all"; empty when there is always one."""
    if not preferred:
        return " at all"
    if any(not term.valid_from and not term.valid_to for term in preferred):
        return ""
    days = [date.min, *turning_days(preferred)]
    gap = next((day for day in days if not any(term.holds(day) for term in preferred)), None)
    if gap is None:
        return ""
    return f" from {gap} on" if gap > date.min else f" before {days[1]}"
