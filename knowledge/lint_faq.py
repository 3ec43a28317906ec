"""Faults and warnings of the FAQ as a whole. Pure; lines come from the loaded texts."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from core.errors import Fault
from knowledge.content import Content
from knowledge.entries import FaqEntry, FaqText
from knowledge.lint_report import Report
from knowledge.lint_text import SHORT, check_short, check_text, has_script, needs_short
from knowledge.templates import parse_template
from knowledge.words import choose_answer, find_faq_text
from markets.profile import MarketProfile

MIN_QUESTIONS = 4
LONG_TITLE = 40
LONG_ANSWER = 450
_NOT_WORDS = re.compile(r"[\W_]+")


def lint_faq(content: Content, report: Report) -> None:
    """Add what is wrong with the FAQ to `report`."""
    for entry in content.entries:
        _check_entry(content, entry, report)
        for text in entry.texts.values():
            path = _path(content, text.language)
            report.faults += [Fault(path, text.line, f"entry {entry.id!r}: {m}") for m in _text_faults(text)]
            report.warnings += [Fault(path, text.line, f"entry {entry.id!r}: {m}") for m in _text_warnings(text)]
    for language in content.replies.texts:
        _check_language(content, language, report)


def _path(content: Content, language: str) -> Path:
    return content.folders.faq / f"{language}.yml"


def _check_language(content: Content, language: str, report: Report) -> None:
    path = _path(content, language)
    missing = [entry.id for entry in content.entries if language not in entry.texts]
    if missing:
        message = f"{len(missing)} entries are missing, customers get them in another language: {', '.join(missing)}"
        report.warnings.append(Fault(path, 0, message))
    seen: dict[str, tuple[FaqEntry, FaqText]] = {}
    for entry in content.entries:
        text = entry.texts.get(language)
        for question in text.questions if text else ():
            other = seen.setdefault(_plain(question), (entry, text)) if text else None
            if text is None or other is None or other[1] is text or not _share_market(entry, other[0]):
                continue
            message = (
                f"entry {entry.id!r}: the question {question!r} stands in line {other[1].line} too "
                f"(entry {other[0].id!r}); keep it in one of the two"
            )
            report.faults.append(Fault(path, text.line, message))
    report.faults += _same_labels(content, language, path)


def _same_labels(content: Content, language: str, path: Path) -> Iterator[Fault]:
    """A fault for each entry that looks like an earlier one on a small button."""
    seen: dict[str, list[FaqEntry]] = {}
    for entry in content.entries:
        text = entry.texts.get(language)
        if text is None:
            continue
        label = text.short or text.title
        others = seen.setdefault(_plain(label) or label, [])
        other = next((other for other in others if _share_market(entry, other)), None)
        if other:
            message = f"entry {entry.id!r}: on a button {label!r} stands for {other.id!r} too; word one differently"
            yield Fault(path, text.line, message)
        others.append(entry)


def _plain(question: str) -> str:
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", question).casefold()).strip()


def _share_market(one: FaqEntry, other: FaqEntry) -> bool:
    return one.markets is None or other.markets is None or bool(one.markets & other.markets)


def _text_faults(text: FaqText) -> Iterator[str]:
    if len(text.questions) < MIN_QUESTIONS:
        yield f"{len(text.questions)} questions; write at least {MIN_QUESTIONS}"
    if len(text.questions) > 2 * sum(has_script(question, text.language) for question in text.questions):
        yield f"most questions are not in the script of {text.language!r}; write them as its speakers do"
    if any(len(parse_template(line).parts) > 1 for line in (text.title, text.short, *text.questions)):
        yield "a title or question has a {placeholder}; only answers may have them"
    for message in check_text(text.title, text.language, one_line=True):
        yield f"the title {message}"
    yield from check_short(text.short, text.language)
    for question in text.questions:
        for message in check_text(question, text.language, one_line=True, any_script=True):
            yield f"the question {question!r} {message}"
    for what, answer in _answers(text):
        for message in check_text(answer, text.language):
            yield f"{what} {message}"


def _text_warnings(text: FaqText) -> Iterator[str]:
    if len(text.title) > LONG_TITLE:
        yield f"the title has {len(text.title)} characters and is cut on a button; {LONG_TITLE} fit"
    if needs_short(text.title, text.short):
        yield f"the title does not fit on a button of {SHORT} UTF-16 units; write `short:` below it"
    for what, answer in _answers(text):
        if len(answer) > LONG_ANSWER:
            yield f"{what} has {len(answer)} characters; people read about {LONG_ANSWER} in a chat"
    plain = [_plain(question) for question in text.questions]
    for place, question in enumerate(plain):
        if question in plain[:place]:
            yield f"the question {text.questions[place]!r} stands here twice; write another one"


def _answers(text: FaqText) -> list[tuple[str, str]]:
    return [("the answer", text.answer), *((f"the variant {v.when!r}", v.answer) for v in text.variants)]


def _check_entry(content: Content, entry: FaqEntry, report: Report) -> None:
    first = next(iter(entry.texts.values()))
    reference = entry.texts.get(content.contract.reference_language, first)
    for text in entry.texts.values():
        path = _path(content, text.language)
        for message in [*_differences(text, reference), *_flag_faults(text, content)]:
            report.faults.append(Fault(path, text.line, f"entry {entry.id!r}: {message}"))
    unknown = sorted((entry.markets or frozenset()) - set(content.markets))
    if unknown:
        message = f"entry {entry.id!r}: no market {', '.join(unknown)}; there are {', '.join(content.markets)}"
        report.faults.append(Fault(_path(content, reference.language), reference.line, message))
    for market in content.markets.values():
        if entry.markets is None or market.code in entry.markets:
            _check_in_market(content, entry, market, report)


def _differences(text: FaqText, reference: FaqText) -> Iterator[str]:
    own, wanted = dict(_answers(text)), dict(_answers(reference))
    for what in wanted.keys() - own.keys():
        yield f"{what} is missing; {reference.language}.yml has it"
    for what in own.keys() - wanted.keys():
        yield f"{what} does not stand in {reference.language}.yml; remove it or add it there"
    for what in sorted(own.keys() & wanted.keys()):
        names, reference_names = parse_template(own[what]).names, parse_template(wanted[what]).names
        if names != reference_names:
            listed = ", ".join(f"{{{name}}}" for name in sorted(reference_names)) or "none"
            yield f"{what} has other placeholders than in {reference.language}.yml; use exactly: {listed}"


def _flag_faults(text: FaqText, content: Content) -> Iterator[str]:
    market = next(iter(content.markets.values()))
    for variant in text.variants:
        try:
            market.flag(variant.when)
        except KeyError as error:
            yield f"the variant {variant.when!r}: {error.args[0]}; correct 'when'"


def _check_in_market(content: Content, entry: FaqEntry, market: MarketProfile, report: Report) -> None:
    if find_faq_text(entry, market, market.languages[0]) is None:
        first = next(iter(entry.texts.values()))
        languages = ", ".join(market.languages)
        message = f"entry {entry.id!r}: no text for market {market.code}; write it in one of {languages}"
        report.faults.append(Fault(_path(content, first.language), first.line, message))
    for text in entry.texts.values():
        try:
            answer = choose_answer(text, market)
        except KeyError:  # reported by _flag_faults
            continue
        missing = sorted(parse_template(answer).names - market.values(text.language).keys())
        if missing:
            message = f"entry {entry.id!r}: market {market.code} has no {', '.join(missing)}; correct the placeholder"
            report.faults.append(Fault(_path(content, text.language), text.line, message))
