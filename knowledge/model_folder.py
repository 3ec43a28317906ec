"""The built models' folders: their names, and the manifest that says what must lie in them."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import SetupError
from knowledge.onnx_encoder import BATCH_TOKENS, OnnxEncoder

MANIFEST = "manifest.json"
REMEDY = "delete the folder and run `aftersail build`"


@dataclass(frozen=True)
class ModelFolder:
    """One built model."""

    name: str  # of the folder under models_dir
    prefix: str  # goes before each text
    batch_tokens: int  # see OnnxEncoder

    def open(self, folder: Path, threads: int = 1) -> OnnxEncoder:
        """The model built in `folder`. Raises SetupError."""
        return OnnxEncoder(folder, prefix=self.prefix, threads=threads, batch_tokens=self.batch_tokens)


E5 = ModelFolder("multilingual-e5-small", "query: ", 1)
USE = ModelFolder("multilingual-use-v3", "", BATCH_TOKENS)


def manifest_digest(folder: Path) -> str:
    """Short hash that stands for every file of a built folder. Raises SetupError when it was not built."""
    return hashlib.sha256(json.dumps(read_manifest(folder), sort_keys=True).encode()).hexdigest()[:16]


def sha256(path: Path) -> str:
    """Hex SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"].items()
    except FileNotFoundError:
        raise SetupError(f"The embedder is not built ({path} is missing); run `aftersail build`") from None
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise SetupError(f"{path} is damaged ({error}); {REMEDY}") from error
    return manifest
