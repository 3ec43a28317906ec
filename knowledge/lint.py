"""The check of the content as a whole, before it is published."""

from datetime import UTC, datetime

from core.errors import Fault
from knowledge.content import Content
from knowledge.lint_faq import lint_faq
from knowledge.lint_replies import lint_replies
from knowledge.lint_report import Report
from knowledge.lint_terms import lint_terms
from knowledge.lint_topics import lint_topics

__all__ = ["Report", "lint"]


def lint(content: Content) -> Report:
    """Every fault and warning of the content, ordered by file and line, each once."""
    report = Report()
    lint_replies(content, report)
    lint_faq(content, report)
    lint_topics(content, report)
    lint_terms(content, datetime.now(UTC).date(), report)
    report.warnings += content.glossary.warnings
    return Report(_ordered(report.faults), _ordered(report.warnings))


def _ordered(faults: list[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(faults), key=lambda fault: (str(fault.path), fault.line))
