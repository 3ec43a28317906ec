"""Faults and warnings of the replies as a whole. Pure; lines come from the loaded texts."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from core.errors import Fault
from knowledge.content import Content
from knowledge.lint_report import Report
from knowledge.lint_text import SHORT, check_short, check_text, needs_short
from knowledge.load_replies import CONTRACT_FILE
from knowledge.locale_formats import find_locale
from knowledge.replies import NamedTexts, ReplyText
from knowledge.templates import parse_template
from markets.profile import MarketProfile


def lint_replies(content: Content, report: Report) -> None:
    """Add what is wrong with the replies to `report`."""
    contract_path = content.folders.replies / CONTRACT_FILE
    reference = content.replies.texts.get(content.contract.reference_language)
    if reference is None:
        message = f"there is no {content.contract.reference_language}.yml; name a language that exists"
        report.faults.append(Fault(contract_path, 1, message))
        return
    for name in sorted((content.contract.values.keys() | content.contract.proper_names) - reference.keys()):
        report.faults.append(Fault(contract_path, 1, f"there is no reply {name!r}; remove it here or write it"))
    for language, texts in content.replies.texts.items():
        path = content.folders.replies / f"{language}.yml"
        report.faults += _locale_faults(path, language)
        _check_names(path, texts, reference, report)
        _check_texts(content, path, language, texts, content.markets, report)
        for name in texts.keys() & reference.keys():
            report.faults += [
                Fault(path, texts[name].line, f"reply {name!r}: {m}")
                for m in _differences(texts[name], reference[name])
            ]
    _check_overrides(content, reference, report)
    _check_markets(content, report)


def _locale_faults(path: Path, language: str) -> Iterator[Fault]:
    try:
        find_locale(language)
    except ValueError as error:
        yield Fault(path, 0, f"{error}; rename the file")


def _check_names(path: Path, texts: NamedTexts, reference: NamedTexts, report: Report) -> None:
    missing = [name for name in reference if name not in texts]
    if missing:
        report.faults.append(Fault(path, 0, f"replies are missing: {', '.join(missing)}; add them"))
    for name in texts.keys() - reference.keys():
        message = f"reply {name!r} does not stand in the reference language; correct the name or remove it"
        report.faults.append(Fault(path, texts[name].line, message))


def _differences(reply: ReplyText, reference: ReplyText) -> Iterator[str]:
    wanted = parse_template(reference.text).names
    if parse_template(reply.text).names != wanted:
        listed = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "none"
        yield f"other placeholders than in the reference language; use exactly: {listed}"
    payloads = [button.payload for button in reference.buttons]
    if [button.payload for button in reply.buttons] != payloads:
        yield f"other button payloads than in the reference language; use in order: {', '.join(payloads) or 'none'}"


def _check_texts(
    content: Content,
    path: Path,
    language: str,
    texts: NamedTexts,
    markets: Mapping[str, MarketProfile],
    report: Report,
) -> None:
    provided = {code: market.values(language).keys() for code, market in markets.items()}
    for name, reply in texts.items():
        passed = content.contract.values.get(name, frozenset())
        messages = [*_text_faults(reply, language, name in content.contract.proper_names)]
        for placeholder in sorted(_placeholders(reply) - passed):
            without = [code for code, names in provided.items() if placeholder not in names]
            if without:
                who = f"neither code nor market {', '.join(without)} gives {{{placeholder}}}"
                messages.append(f"{who}; correct it or add it to {CONTRACT_FILE}")
        report.faults += [Fault(path, reply.line, f"reply {name!r}: {message}") for message in messages]
    report.warnings += _missing_shorts(path, texts)


def _missing_shorts(path: Path, texts: NamedTexts) -> Iterator[Fault]:
    """A warning for each title, however many replies have it."""
    lines: dict[str, list[int]] = {}
    for reply in texts.values():
        for button in reply.buttons:
            if needs_short(button.title, button.short):
                lines.setdefault(button.title, []).append(reply.line)
    for title, found in lines.items():
        where = f"in {len(found)} replies " if len(found) > 1 else ""
        message = f"the button {title!r} {where}is too long for some channels; write `short:` ({SHORT} UTF-16 units)"
        yield Fault(path, found[0], message)


def _placeholders(reply: ReplyText) -> frozenset[str]:
    lines = (reply.text, reply.short, *(line for button in reply.buttons for line in (button.title, button.short)))
    return frozenset().union(*(parse_template(line).names for line in lines))


def _text_faults(reply: ReplyText, language: str, proper_name: bool) -> Iterator[str]:
    for message in check_text(reply.text, language, any_script=proper_name):
        yield f"the text {message}"
    yield from check_short(reply.short, language, any_script=proper_name)
    for button in reply.buttons:
        for message in check_text(button.title, language, one_line=True):
            yield f"the button {button.title!r} {message}"
        for message in check_short(button.short, language):
            yield f"the button {button.title!r}: {message}"
    titles = [button.title for button in reply.buttons]
    shorts = [button.short or button.title for button in reply.buttons]
    if len(set(titles)) < len(titles) or len(set(shorts)) < len(shorts):
        yield "two buttons have the same title; the customer could not tell them apart"


def _check_overrides(content: Content, reference: NamedTexts, report: Report) -> None:
    for code, languages in content.replies.overrides.items():
        path = content.folders.replies / "markets" / f"{code}.yml"
        market = content.markets.get(code)
        if market is None:
            known = ", ".join(content.markets)
            report.faults.append(Fault(path, 0, f"there is no market {code}; rename the file, there are {known}"))
            continue
        for language, texts in languages.items():
            if language not in market.languages:
                message = f"market {code} does not list the language {language!r}; few customers will read this"
                report.warnings.append(Fault(path, 0, message))
            _check_texts(content, path, language, texts, {code: market}, report)
            for name, reply in texts.items():
                report.faults += [
                    Fault(path, reply.line, f"reply {name!r}: {message}")
                    for message in _override_faults(name, reply, reference)
                ]


def _override_faults(name: str, reply: ReplyText, reference: NamedTexts) -> Iterator[str]:
    if name not in reference:
        yield "it does not stand in the reference language; correct the name or remove it"
    elif [button.payload for button in reply.buttons] != [button.payload for button in reference[name].buttons]:
        yield "other button payloads than in the reference language; keep them and their order"


def _check_markets(content: Content, report: Report) -> None:
    for market in content.markets.values():
        missing = [language for language in market.languages if language not in content.replies.texts]
        if missing:
            path = content.folders.markets / f"{market.code}.yml"
            message = (
                f"languages {', '.join(missing)} have no file in {content.folders.replies}; write it or remove them"
            )
            report.faults.append(Fault(path, 0, message))
