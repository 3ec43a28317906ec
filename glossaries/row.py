"""A table's row as a Term, and back."""

from collections.abc import Mapping
from datetime import date

from glossaries.forms import SEPARATOR, format_forms, parse_forms, split_list
from glossaries.lint_report import suggestion
from glossaries.model import Origin, Status, Term

COLUMNS = (
    "concept", "language", "term", "status", "forms", "part_of_speech", "gender", "case_sensitive", "compounds",
    "scope", "note", "reason", "replacement", "evidence", "author", "reviewer", "valid_from", "valid_to",
)  # fmt: skip
REQUIRED = ("concept", "language", "term", "status")
PARTS_OF_SPEECH = frozenset({"", "noun", "verb", "adjective", "adverb", "phrase", "name", "pronoun"})
GENDERS = frozenset({"", "m", "f", "n", "c"})
_STATUSES = {status.value: status for status in Status}
_CASE = {"": False, "yes": True, "no": False}
_COMPOUNDS = {"": None, "yes": True, "no": False}
# The part that a person may read at ease, and what a message is about at most.
_LIMITS = {"term": 200, "replacement": 200, "forms": 8000, "scope": 2000}
_LIMIT = 2000
_SHORT = min(_LIMITS.values())
_MAX_FORMS = 200


def term_of(cells: Mapping[str, str], origin: Origin) -> tuple[Term | None, list[str]]:
    """The row's term and what is wrong with the row, one message with its remedy each.

    A column that is not there counts as empty. None when the row cannot be understood at all.
    """
    problems = _cell_problems(cells)
    status = _STATUSES.get(cells.get("status", ""))
    if status is None:
        near = suggestion(cells.get("status", ""), _STATUSES)
        problems.append(f"status: {cells.get('status', '')!r} is none of {', '.join(_STATUSES)}{near}")
    problems += [f"{column}: is empty; fill it in" for column in REQUIRED[:3] if not cells.get(column)]
    if status is None or not all(cells.get(column) for column in REQUIRED[:3]):
        return None, problems
    forms, form_problems = parse_forms(cells.get("forms", ""))
    if len(forms) > _MAX_FORMS:
        form_problems.append(f"forms: more than {_MAX_FORMS}; split the row into two terms")
    problems += form_problems
    optional = _read_values(cells, problems)
    return Term(
        concept=cells["concept"], language=cells["language"], text=cells["term"], status=status, forms=forms,
        part_of_speech=cells.get("part_of_speech", ""), gender=cells.get("gender", ""), scope=_scope(cells),
        note=cells.get("note", ""), reason=cells.get("reason", ""), replacement=cells.get("replacement", ""),
        evidence=cells.get("evidence", ""), author=cells.get("author", ""), reviewer=cells.get("reviewer", ""),
        case_sensitive=bool(optional[0]), compounds=optional[1], valid_from=optional[2], valid_to=optional[3],
        origin=origin,
    ), problems  # fmt: skip


def cells_of(term: Term) -> dict[str, str]:
    """Every column's cell; `term_of` reads them back as the same term."""
    return {
        "concept": term.concept, "language": term.language, "term": term.text, "status": term.status.value,
        "forms": format_forms(term.forms), "part_of_speech": term.part_of_speech, "gender": term.gender,
        "case_sensitive": "yes" if term.case_sensitive else "",
        "compounds": "" if term.compounds is None else "yes" if term.compounds else "no",
        "scope": SEPARATOR.join(term.scope), "note": term.note, "reason": term.reason,
        "replacement": term.replacement, "evidence": term.evidence, "author": term.author, "reviewer": term.reviewer,
        "valid_from": term.valid_from.isoformat() if term.valid_from else "",
        "valid_to": term.valid_to.isoformat() if term.valid_to else "",
    }  # fmt: skip


def header_problems(header: tuple[str, ...], required: tuple[str, ...]) -> list[str]:
    """What is wrong with the names of the columns, one message with its remedy each."""
    problems = [
        f"unknown column {name!r}{suggestion(name, COLUMNS)} The columns are {','.join(COLUMNS)}"
        for name in header
        if name not in COLUMNS
    ]
    problems += [f"the column {name!r} is missing; add it" for name in required if name not in header]
    problems += [
        f"the column {name!r} stands here twice; keep one" for name in dict.fromkeys(header) if header.count(name) > 1
    ]
    return problems


def _cell_problems(cells: Mapping[str, str]) -> list[str]:
    problems: list[str] = []
    texts = [*cells.values()]
    if [*map(str.strip, texts)] == texts and max(map(len, texts), default=0) <= _SHORT:
        return problems
    for column, cell in cells.items():
        if not cell:
            continue
        if cell[0].isspace() or cell[-1].isspace():
            problems.append(f"{column}: starts or ends with a space; remove it")
        if len(cell) > _LIMITS.get(column, _LIMIT):
            problems.append(f"{column}: longer than {_LIMITS.get(column, _LIMIT)} characters; shorten it")
    return problems


def _read_values(
    cells: Mapping[str, str], problems: list[str]
) -> tuple[bool | None, bool | None, date | None, date | None]:
    for column, known in (("part_of_speech", PARTS_OF_SPEECH), ("gender", GENDERS)):
        if (value := cells.get(column, "")) not in known:
            options = ", ".join(sorted(known - {""}))
            problems.append(f"{column}: {value!r} is none of {options} or empty{suggestion(value, known)}")
    first, last = _day(cells, "valid_from", problems), _day(cells, "valid_to", problems)
    if first and last and last < first:
        problems.append(f"valid_to: {last} is before valid_from {first}; exchange or correct them")
    return (
        _choice(cells, "case_sensitive", _CASE, problems),
        _choice(cells, "compounds", _COMPOUNDS, problems),
        first,
        last,
    )


def _choice(
    cells: Mapping[str, str], column: str, choices: Mapping[str, bool | None], problems: list[str]
) -> bool | None:
    value = cells.get(column, "")
    if value not in choices:
        problems.append(f"{column}: {value!r} is none of yes, no or empty")
    return choices.get(value)


def _day(cells: Mapping[str, str], column: str, problems: list[str]) -> date | None:
    value = cells.get(column, "")
    if not value:
        return None
    try:
        if len(value) != len("2026-01-31"):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        problems.append(f"{column}: {value!r} is not a date; write it as 2026-01-31")
        return None


def _scope(cells: Mapping[str, str]) -> tuple[str, ...]:
    cell = cells.get("scope", "")
    return tuple(part.strip() for part in split_list(cell) if part.strip()) if cell else ()
