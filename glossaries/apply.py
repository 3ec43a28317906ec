"""Puts the fixes of violations in their places. Pure."""

from collections.abc import Iterable

from glossaries.violations import Violation


def apply(text: str, violations: Iterable[Violation]) -> str:
    """`text` with every fix in place; violations without a fix, or inside one that is mended, are left."""
    at = len(text)
    for violation in sorted(violations, key=lambda found: found.start, reverse=True):
        if violation.fix is not None and violation.start < violation.end <= at:
            text = text[: violation.start] + violation.fix + text[violation.end :]
            at = violation.start
    return text
