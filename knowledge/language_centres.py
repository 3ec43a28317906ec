"""Where each language's sentences lie in the two models: data made once by `python -m bench.language_centres`."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import SetupError

CENTRES = Path(__file__).parent / "data" / "embedder" / "centres.json"


@dataclass(frozen=True)
class Centre:
    """Mean vector of a language's sentences in each model; `use` is None where USE does not know the language."""

    e5: NDArray[np.float32]
    use: NDArray[np.float32] | None


@dataclass(frozen=True)
class LanguageCentres:
    """Centres by content code, and the mean of them for every other code and for None."""

    by_language: Mapping[str, Centre]
    default: Centre

    def of(self, language: str | None) -> Centre:
        """The language's centre, else the default."""
        return self.by_language.get(language or "", self.default)


def read_centres(path: Path) -> LanguageCentres:
    """The centres in `path`. Raises SetupError when the file is missing or damaged."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        centres = {
            language: Centre(_decode(parts["e5"]), None if parts["use"] is None else _decode(parts["use"]))
            for language, parts in stored.items()
        }
        known = [centre.use for centre in centres.values() if centre.use is not None]
        default = Centre(np.mean([centre.e5 for centre in centres.values()], axis=0), np.mean(known, axis=0))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(f"{path} is missing or damaged ({error}); restore it from git") from error
    return LanguageCentres(centres, default)


def write_centres(path: Path, centres: Mapping[str, Centre]) -> None:
    """Write the centres as float16 in base64."""
    stored = {
        language: {"e5": _encode(centre.e5), "use": None if centre.use is None else _encode(centre.use)}
        for language, centre in sorted(centres.items())
    }
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _decode(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float32)


def _encode(vector: NDArray[np.float32]) -> str:
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()
