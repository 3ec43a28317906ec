"""Archives made for one test: whole ones, and ones that must be refused."""

import json
import zipfile
from pathlib import Path
from typing import Any

METADATA = {"package_version": "1.0", "argos_version": "1.9", "from_code": "de", "to_code": "en", "type": "translate"}


def files(**metadata: Any) -> dict[str, bytes]:
    """The files of a package that looks right; its model is none."""
    return {
        "pkg/metadata.json": json.dumps(METADATA | metadata).encode(),
        "pkg/sentencepiece.model": b"no model",
        "pkg/model/model.bin": b"no model",
    }


def write(path: Path, content: dict[str, bytes], *more: zipfile.ZipInfo) -> Path:
    """An archive with `content`, and empty members for `more`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        for member in more:
            archive.writestr(member, b"../../etc/passwd")
    return path
