"""Tables in Excel workbooks: the first sheet, its first filled row the header. Formulas are neither written nor run."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from core.errors import ContentError, Fault
from glossaries.csv_file import MAX_BYTES, MAX_ROWS, RawRow, Table, read_bytes, shield, unshield

_MAX_COLUMNS = 100
_MAX_UNPACKED = 4 * MAX_BYTES
_WIDE = 28
# Excel's own way to write a character that XML has no place for, and a text that looks like one.
_CODED = re.compile("_x([0-9A-Fa-f]{4})_")
_TO_CODE = re.compile("[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")

# openpyxl lets through whatever the zip, its packing and its XML raise; encrypted files raise RuntimeError.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, SyntaxError, InvalidFileException, KeyError, IndexError, ValueError, OSError,
    RuntimeError,
)  # fmt: skip


def read_xlsx(path: Path) -> Table:
    """The table of the first sheet. Raises ContentError when the file is no workbook or is too big."""
    data = read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MAX_UNPACKED:
                raise ContentError([Fault(path, 0, "unpacks to too much; split the file")])
        workbook = load_workbook(io.BytesIO(data), read_only=True)
        rows = list(_rows(workbook.worksheets[0], path))
        workbook.close()
    except _UNREADABLE as error:
        raise ContentError([Fault(path, 0, f"not an Excel workbook: {error}; save it as .xlsx")]) from None
    if not rows:
        raise ContentError([Fault(path, 1, "the first sheet is empty; it needs its header row")])
    header = _header(rows[0][1])
    return Table(path, header, tuple(_raw_row(line, header, cells) for line, cells in rows[1:]))


def write_xlsx(
    header: Sequence[str], rows: Iterable[Mapping[str, str]], choices: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """A workbook with one sheet `terms`. `choices`: what may stand in a column, offered as a list in each cell."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("terms")
    sheet.freeze_panes = "A2"
    for number, _ in enumerate(header):
        sheet.column_dimensions[_letters(number)].width = _WIDE
    sheet.append([_cell(sheet, name, bold=True) for name in header])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, row.get(column, "")) for column in header])
        count += 1
    for number, name in enumerate(header):
        if options := (choices or {}).get(name):
            validation = DataValidation(
                "list", formula1=f'"{",".join(options)}"', allow_blank=True, showErrorMessage=True
            )
            validation.add(f"{_letters(number)}2:{_letters(number)}{count + 1000}")
            sheet.data_validations.append(validation)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _rows(sheet: Any, path: Path) -> Iterable[tuple[int, list[Any]]]:
    for line, cells in enumerate(sheet.iter_rows(max_col=_MAX_COLUMNS), 1):
        if line > MAX_ROWS:
            raise ContentError([Fault(path, line, f"more than {MAX_ROWS} rows; split the file")])
        if any(cell.value not in (None, "") for cell in cells):
            yield line, list(cells)


def _header(cells: list[Any]) -> tuple[str, ...]:
    names = [_text(cell.value).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _raw_row(line: int, header: tuple[str, ...], cells: list[Any]) -> RawRow:
    problems = []
    row = dict.fromkeys(header, "")
    for number, cell in enumerate(cells):
        if cell.value is None:
            continue
        if number >= len(header):
            problems.append(f"has a cell to the right of the last column ({_text(cell.value)!r}); remove it")
        elif cell.data_type == "f":
            problems.append(f"{header[number]}: holds a formula; write its value as text")
        else:
            row[header[number]] = unshield(_text(cell.value))
    return RawRow(line, row, tuple(problems))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return _CODED.sub(lambda match: chr(int(match[1], 16)), str(value))


def _cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, _TO_CODE.sub(lambda match: f"_x{ord(match[0]):04X}_", shield(text)))
    # Without this "=1+1" would be a formula and "#N/A" an error.
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _letters(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"{_letters(number // 26 - 1)}{chr(ord('A') + number % 26)}"
