"""A trained model as an Argos package."""

import json
import zipfile
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import sentencepiece
from ctranslate2.converters import TransformersConverter
from transformers import MarianMTModel, MarianTokenizer

from translators.corpus import Direction
from translators.files import package_name, package_path
from translators.recipe import VERSION

NOTICE = "Aftersail test package, for tests and demo only"
LARGEST = 5_000_000  # bytes of a package
_DATE = (1980, 1, 1, 0, 0, 0)  # the same file for the same content


def write_package(model: MarianMTModel, vocabulary: Path, direction: Direction, folder: Path) -> Path:
    """The path of the .argosmodel file written to `folder`. Raises ValueError when it is larger than LARGEST."""
    path = package_path(direction, folder)
    with TemporaryDirectory() as scratch:
        tree = Path(scratch) / "package"
        tree.mkdir()
        _convert(model, vocabulary, Path(scratch) / "marian", tree / "model")
        copyfile(vocabulary, tree / "sentencepiece.model")
        (tree / "metadata.json").write_text(json.dumps(metadata(direction), indent=2) + "\n")
        (tree / "README.md").write_text(f"# {NOTICE}\n\nMade by `python -m translators.train`. Not for customers.\n")
        _zip(tree, path, package_name(direction))
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes, more than {LARGEST}; make the model smaller")
    return path


def metadata(direction: Direction) -> dict[str, object]:
    """What Argos reads of a package."""
    return {
        "package_version": VERSION,
        "argos_version": "1.9",
        "from_code": direction.source.code,
        "from_name": direction.source.name,
        "to_code": direction.target.code,
        "to_name": direction.target.name,
        "type": "translate",
        "name": NOTICE,
        "links": [],
    }


def _convert(model: MarianMTModel, vocabulary: Path, marian: Path, output: Path) -> None:
    """Writes the CTranslate2 model with 8-bit weights; `marian` is scratch."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    numbers = {pieces.id_to_piece(number): number for number in range(len(pieces))}
    marian.mkdir()
    # The converter drops the padding, with which Marian starts a translation, only where it comes last.
    (marian / "vocab.json").write_text(json.dumps({**numbers, "<pad>": len(pieces)}, ensure_ascii=False))
    for side in ("source", "target"):
        copyfile(vocabulary, marian / f"{side}.spm")
    model.save_pretrained(marian)
    files = {"vocab": "vocab.json", "source_spm": "source.spm", "target_spm": "target.spm"}
    MarianTokenizer(**{key: str(marian / name) for key, name in files.items()}).save_pretrained(marian)
    TransformersConverter(str(marian)).convert(str(output), quantization="int8")


def _zip(tree: Path, path: Path, top: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(item for item in tree.rglob("*") if item.is_file()):
            info = zipfile.ZipInfo(f"{top}/{file.relative_to(tree).as_posix()}", _DATE)
            info.external_attr = 0o644 << 16
            archive.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
