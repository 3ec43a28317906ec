r"""The cell `forms`: `pl: Pakete | dat.pl: Paketen | ?Packerl`; a backslash takes the meaning from | : ? and itself."""

import re
from functools import lru_cache

from glossaries.lint_report import suggestion
from glossaries.model import FEATURES, Form

SEPARATOR = " | "
_SPLIT = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_LABEL = re.compile(r"([A-Za-z][A-Za-z.]*):")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse_forms(cell: str) -> tuple[tuple[Form, ...], list[str]]:
    """The forms of a cell and what is wrong with it, one message with its remedy each; a broken form is left out."""
    if not cell.strip():
        return (), []
    forms, problems = [], []
    for part in split_list(cell):
        form, problem = _parse_form(part.strip())
        if form:
            forms.append(form)
        if problem:
            problems.append(problem)
    return tuple(forms), problems


def format_forms(forms: tuple[Form, ...]) -> str:
    """The cell that `parse_forms` reads back as `forms`."""
    return SEPARATOR.join(map(_format_form, forms))


def split_list(cell: str) -> list[str]:
    """The parts between the | signs, with their backslashes still there."""
    if "|" not in cell:
        return [cell]
    if "\\" not in cell:
        return cell.split("|")
    return _SPLIT.sub("\\1\0", cell).split("\0")


def _parse_form(part: str) -> tuple[Form | None, str]:
    confirmed = not part.startswith("?")
    rest = part if confirmed else part[1:].lstrip()
    features: frozenset[str] = frozenset()
    if ":" in rest and (label := _LABEL.match(rest)):
        features = _features(label[1])
        if not features <= FEATURES:
            unknown = sorted(features - FEATURES)[0]
            near = suggestion(unknown.lower(), FEATURES)
            return None, (
                f"forms: {unknown!r} is not a label{near}; use {' '.join(sorted(FEATURES))} joined by dots, "
                "or write \\: where the colon belongs to the word"
            )
        rest = rest[label.end() :].lstrip()
    if not rest:
        return None, "forms: an empty form; remove a | or fill in the form"
    if rest.startswith("?"):
        return None, f"forms: {part!r}: the ? of a proposed form stands before the label; or write \\?"
    return Form(_ESCAPED.sub(r"\1", rest) if "\\" in rest else rest, features, confirmed), ""


@lru_cache(maxsize=1024)
def _features(label: str) -> frozenset[str]:
    return frozenset(label.split("."))


def _format_form(form: Form) -> str:
    text = form.text.replace("\\", "\\\\").replace("|", "\\|")
    if label := _LABEL.match(text):
        text = f"{label[1]}\\{text[len(label[1]) :]}"
    if text.startswith("?"):
        text = "\\" + text
    label_text = f"{'.'.join(sorted(form.features))}: " if form.features else ""
    return f"{'' if form.confirmed else '?'}{label_text}{text}"
