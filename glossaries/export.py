"""Terms written to a file for a spreadsheet or a terminology tool."""

from collections.abc import Callable, Iterable, Mapping

from glossaries.csv_file import write_csv
from glossaries.model import Concept, Status, Term
from glossaries.row import COLUMNS, GENDERS, PARTS_OF_SPEECH, cells_of
from glossaries.tbx_file import write_tbx
from glossaries.xlsx_file import write_xlsx

_CHOICES = {
    "status": tuple(status.value for status in Status),
    "part_of_speech": tuple(sorted(PARTS_OF_SPEECH - {""})),
    "gender": tuple(sorted(GENDERS - {""})),
    "case_sensitive": ("yes",),
    "compounds": ("yes", "no"),
}


def export_terms(terms: Iterable[Term], concepts: Mapping[str, Concept], file_format: str, title: str) -> bytes:
    """The file's bytes; `file_format` is one of FORMATS, else KeyError. `title` names what is in it."""
    return FORMATS[file_format](terms, concepts, title)


def _csv(terms: Iterable[Term], _concepts: Mapping[str, Concept], _title: str) -> bytes:
    return write_csv(COLUMNS, map(cells_of, terms), for_spreadsheet=True)


def _xlsx(terms: Iterable[Term], _concepts: Mapping[str, Concept], _title: str) -> bytes:
    return write_xlsx(COLUMNS, map(cells_of, terms), _CHOICES)


FORMATS: Mapping[str, Callable[[Iterable[Term], Mapping[str, Concept], str], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "tbx": write_tbx,
}
