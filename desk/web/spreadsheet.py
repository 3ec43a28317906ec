"""Cells of files that spreadsheets open. Pure."""

import re

# Where a cell begins, or would begin for a spreadsheet that parts columns by semicolons, tabs or lines; also the full
# width signs, which East Asian ones read as the plain ones.
_FORMULA = re.compile(r"^(?=[\t\r\n])|(?:^|(?<=[;\t\r\n]))(?=[ \u00a0\u3000]{0,20}[=+\-@＝＋－＠])")


def as_text(cell: str) -> str:
    """The cell, in which an apostrophe stands before whatever a spreadsheet would run as a formula."""
    return _FORMULA.sub("'", cell)
