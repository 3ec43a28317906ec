"""A package loaded and tried; what was found out is kept beside it."""

import json
from dataclasses import asdict
from pathlib import Path

from core.errors import SetupError
from languages.translation.archive_check import PackageRefused
from languages.translation.argos_engine import ArgosEngine
from languages.translation.argos_packages import MASKS, RECORD, InstalledPackage, PackageStore, digests, read_json
from languages.translation.codes import load_codes
from languages.translation.probes import Examination, examine


def check_package(engine: ArgosEngine, package: InstalledPackage) -> Examination:
    """What the probes show of `package`; its masks.json is written anew. Raises SetupError when it cannot be loaded."""
    language = load_codes("argos").language_of(package.source)
    found = examine(lambda sentences: engine.translate_with(package, sentences), language)
    shapes = {name: asdict(survival) | {"rate": survival.rate} for name, survival in found.survival.items()}
    about = {"milliseconds": round(found.milliseconds, 1), "shapes": shapes}
    _write(package.path / MASKS, json.dumps(about, indent=1))
    return found


def check_new(store: PackageStore, package: InstalledPackage) -> Examination:
    """The same for a package that lies in a store of its own. Raises PackageRefused when it does not work."""
    try:
        found = check_package(ArgosEngine(store), package)
    except SetupError as error:
        raise PackageRefused(f"{error}; nothing was installed") from error
    if found.faults:
        raise PackageRefused(f"{package.name} does not translate: {'; '.join(found.faults)}; nothing was installed")
    return found


def damaged_files(package: InstalledPackage) -> list[str]:
    """Files of `package` that are not as they were installed, by path; empty when all are, or nothing is recorded."""
    recorded = read_json(package.path / RECORD).get("files", {})
    if not isinstance(recorded, dict):
        return [RECORD]
    now = digests(package.path)
    return sorted(name for name in recorded.keys() | now.keys() if recorded and recorded.get(name) != now.get(name))


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a running process may be reading it."""
    draft = path.with_suffix(".new")
    draft.write_text(text, "utf-8")
    draft.replace(path)
