"""Tables in CSV files, and the rule that makes a cell harmless in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import ContentError, Fault

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 200_000
# A spreadsheet may run a cell that begins so (OWASP, CSV injection); it is written with an apostrophe before it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SPECIAL = frozenset({*FORMULA_STARTS, "'"})
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in a file: cells by column. A column that the file lacks is not there."""

    line: int
    cells: Mapping[str, str]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A file's rows. `header` as it stands there."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[RawRow, ...] = field(default=())


def read_csv(path: Path, *, any_delimiter: bool = False) -> Table:
    """The table in the file; `any_delimiter` takes semicolons and tabs too, as spreadsheets save them.

    Raises ContentError when the file cannot be read as a table: missing, too big, not UTF-8, quotes.
    """
    text = decode(read_bytes(path), path)
    delimiter = _delimiter(text) if any_delimiter else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if cells:
                records.append((start, cells))
            start = reader.line_num + 1
            if len(records) > MAX_ROWS:
                raise ContentError([Fault(path, start, f"more than {MAX_ROWS} rows; split the file into layers")])
    except csv.Error as error:
        raise ContentError([Fault(path, start, f"not valid CSV: {error}; check the quotes of this row")]) from None
    if not records:
        raise ContentError([Fault(path, 1, "the file is empty; it needs its header line")])
    header = tuple(records[0][1])
    return Table(path, header, tuple(_raw_row(line, header, cells) for line, cells in records[1:]))


def write_csv(header: Sequence[str], rows: Iterable[Mapping[str, str]], *, for_spreadsheet: bool = False) -> bytes:
    """The table as UTF-8 CSV. `for_spreadsheet`: with the byte order mark that Excel needs to see UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([shield(row.get(column, "")) for column in header] for row in rows)
    return out.getvalue().encode("utf-8-sig" if for_spreadsheet else "utf-8")


def shield(cell: str) -> str:
    """`cell` with an apostrophe before it where a spreadsheet would take it for a formula; `unshield` takes it off."""
    return "'" + cell if cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def unshield(cell: str) -> str:
    """`cell` as it was before `shield`."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises ContentError when it is missing or larger than MAX_BYTES."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ContentError([Fault(path, 0, "the file is missing; create it or restore it from git")]) from None
    except OSError as error:
        raise ContentError([Fault(path, 0, f"cannot be read: {error.strerror}; check the path")]) from None
    if len(data) > MAX_BYTES:
        raise ContentError([Fault(path, 0, f"larger than {MAX_BYTES // 1024 // 1024} MiB; split the file")])
    return data


def decode(data: bytes, path: Path) -> str:
    """The text, without a byte order mark. Raises ContentError when it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ContentError([Fault(path, line, "not UTF-8; save it as 'CSV UTF-8'")]) from None


def _raw_row(line: int, header: tuple[str, ...], cells: list[str]) -> RawRow:
    problems: list[str] = []
    if len(cells) != len(header):
        problems.append(f"has {len(cells)} cells, the header has {len(header)}; check commas and quotes")
        return RawRow(line, {}, tuple(problems))
    row = dict(zip(header, cells, strict=True))
    if _SPECIAL.isdisjoint([cell[:1] for cell in cells]):
        return RawRow(line, row)
    for column, cell in row.items():
        if cell and (cell[0] == "'" or cell.startswith(FORMULA_STARTS)):
            if cell[0] != "'":
                problems.append(
                    f"{column}: begins with {cell[0]!r}, which a spreadsheet runs as a formula; "
                    "begin with another character or put an apostrophe before it"
                )
            row[column] = unshield(cell)
    return RawRow(line, row, tuple(problems))


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(_DELIMITERS, key=first.count)
