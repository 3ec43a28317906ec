"""The check of a glossary as a whole, before anything uses it."""

from core.errors import Fault
from glossaries.lint_markets import lint_markets
from glossaries.lint_report import Report
from glossaries.lint_rows import lint_layer
from glossaries.model import ANY_LANGUAGE
from glossaries.resolve import Glossary

_NAMED = 10  # concepts in a message


def lint(glossary: Glossary, report: Report) -> None:
    """Add every fault and warning of the glossary's rows to `report`."""
    for layer, terms in glossary.terms.items():
        lint_layer(layer, terms, glossary, report)
    lint_markets(glossary, report)
    _lint_coverage(glossary, report)


def _lint_coverage(glossary: Glossary, report: Report) -> None:
    everywhere = {term.concept for terms in glossary.terms.values() for term in terms if term.language == ANY_LANGUAGE}
    for language in glossary.languages:
        base = glossary.terms[f"languages/{language}"]
        there = everywhere | {term.concept for term in base}
        missing = [name for name in glossary.concepts if name not in there]
        if not base:
            message = "it has no rows, so no word of the language would be checked; restore it from git"
            report.faults.append(Fault(report.folder / f"languages/{language}.csv", 0, message))
        elif missing:
            named = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
            message = f"{len(missing)} concept(s) have no term in {language!r}: {named}; add them"
            report.warnings.append(Fault(report.folder / f"languages/{language}.csv", 0, message))
