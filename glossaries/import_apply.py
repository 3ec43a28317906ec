"""An import written into its layer: all of it in one step, or nothing."""

import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from core.errors import ContentError, Fault
from glossaries.csv_file import read_csv, write_csv
from glossaries.import_plan import Action, ImportPlan
from glossaries.load import read_glossary
from glossaries.row import COLUMNS, cells_of


def apply_import(plan: ImportPlan, folder: Path) -> None:
    """Write the plan into the layer's file, in one step, after a check of the whole glossary with it.

    Raises ContentError, and leaves the file as it was, when a row is refused, when the check finds a fault or
    when the file has changed since the plan was made.
    """
    path = folder / f"{plan.layer}.csv"
    if not plan.possible:
        refused = [report for report in plan.reports if report.action is Action.REFUSED]
        raise ContentError(
            [
                Fault(path, 0, f"row {report.line} of the import is refused: {'; '.join(report.details)}")
                for report in refused
            ]
            + list(plan.faults)
        )
    current, _ = read_glossary(folder)
    if current.terms.get(plan.layer) != plan.before:
        raise ContentError([Fault(path, 0, "has changed since the plan was made; start the import again")])
    _replace_file(path, write_csv(COLUMNS, map(cells_of, plan.after)), plan.layer, folder)


def _replace_file(path: Path, data: bytes, layer: str, folder: Path) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        table = replace(read_csv(new), path=path)
        _, report = read_glossary(folder, {layer: table})
        if report.faults:
            raise ContentError(report.faults)
        new.chmod(path.stat().st_mode)
        new.replace(path)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()
