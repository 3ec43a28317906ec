"""A made-up language of the desk: every text is longer, in brackets and with accents."""

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

_LETTERS = str.maketrans("aeiouAEIOUncs", "áéíóúÁÉÍÓÚñçš")


def pseudo_language(words: Path, folder: Path, language: str) -> Path:
    """`folder`, with the languages of `words` and the made-up one under the code `language`."""
    shutil.copytree(words, folder)
    (folder / language).mkdir()
    for path in (words / "en").glob("*.yml"):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        text = yaml.safe_dump(_changed(tree), allow_unicode=True)
        (folder / language / path.name).write_text(text, encoding="utf-8")
    return folder


def _changed(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _changed(value) for key, value in tree.items()}
    parts = re.split(r"(\{\w+\})", tree)
    text = "".join(part if part.startswith("{") else part.translate(_LETTERS) for part in parts)
    return f"⟦{text}{' ·' * (len(text) // 12)}⟧"
