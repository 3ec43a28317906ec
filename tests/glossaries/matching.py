"""Small term sets, and sentences that mark their terms with brackets."""

from glossaries.matcher import TermMatcher
from glossaries.model import Form, Match, Status, Term, TermSet


def term(text: str, language: str = "en", *forms: str, **fields: object) -> Term:
    """A preferred noun that is its own concept, with other fields as given."""
    values: dict[str, object] = {"concept": text, "status": Status.PREFERRED, "part_of_speech": "noun", **fields}
    return Term(language=language, text=text, forms=tuple(map(Form, forms)), **values)  # type: ignore[arg-type]


def matcher(language: str, *terms: Term | str) -> TermMatcher:
    """A matcher for these terms; a string is a noun and, after |, its forms."""
    rows = []
    for row in terms:
        if isinstance(row, str):
            text, *forms = row.split("|")
            row = term(text, language, *forms)
        rows.append(row)
    return TermMatcher(TermSet("US", language, tuple(rows)))


def marked(text: str, found: list[Match]) -> str:
    """`text` with every match in brackets."""
    for match in reversed(found):
        text = f"{text[: match.start]}[{text[match.start : match.end]}]{text[match.end :]}"
    return text


def bare(text: str) -> str:
    """`text` without brackets."""
    return text.replace("[", "").replace("]", "")
