"""What stands between quotation marks: somebody else's words. Pure.

A single word in marks is no quotation: marks are no way around the gate.
"""

import re
from collections.abc import Sequence

MIN_QUOTED = 14  # bytes in UTF-8 with the marks: a phrase in any script
MAX_QUOTED = 200  # characters; further apart, two marks are no pair
_PAIRS = ("„“", "„”", "“”", "«»", "»«", "「」", "『』", "《》", "‘’", "‚‘", '""')
_MARKS = re.compile("[" + re.escape("".join(sorted(set("".join(_PAIRS))))) + "']")
_QUOTED = re.compile(
    "|".join(rf"{re.escape(o)}[^{re.escape(o + c)}\n]{{1,{MAX_QUOTED}}}{re.escape(c)}" for o, c in map(tuple, _PAIRS))
    + rf"|(?<!\w)'[^'\n]{{1,{MAX_QUOTED}}}'(?!\w)"
)


def quotations(text: str) -> Sequence[tuple[int, int]]:
    """Start and end of each quotation in `text`, its marks included; a text that is quoted as a whole has none."""
    if not _MARKS.search(text):
        return ()
    whole = len(text.strip())
    found = (match for match in _QUOTED.finditer(text) if len(match[0]) < whole)
    return [match.span() for match in found if len(match[0].encode()) >= MIN_QUOTED]
