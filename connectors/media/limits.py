"""Which files are kept, by what their bytes are: limits.yml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.delivery.errors import Refused
from core.errors import ContentError, Fault
from core.yaml_files import read_yaml, without_lines

LIMITS = Path(__file__).parent / "limits.yml"
_MB = 1_000_000


class Kind(BaseModel):
    """A kind of file that is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most_mb: int = Field(ge=1, le=2_000)
    shown: bool  # browsers may show it in place
    ending: str = Field(pattern="^[a-z0-9]{1,5}$")

    @property
    def most(self) -> int:
        """Bytes that such a file may have."""
        return self.most_mb * _MB


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kinds: dict[str, Kind] = Field(min_length=1)
    refused_endings: list[str]


@dataclass(frozen=True)
class MediaLimits:
    """Kinds by media type."""

    kinds: Mapping[str, Kind]
    refused_endings: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def largest(self) -> int:
        """Bytes that no file of any kind may exceed."""
        return max(kind.most for kind in self.kinds.values())

    def check(self, mime: str, size: int, name: str = "") -> None:
        """Raises Refused when such a file is not kept. `mime`: read from the bytes; `name`: the sender's, for texts."""
        kind = self.kinds.get(mime)
        if kind is None:
            raise Refused("media_kind", f"files of the type {mime} are not kept", "Ask for a picture or a PDF.")
        ending = PurePosixPath(name.strip().lower()).suffix[1:].rstrip(". ")
        if mime.startswith("text/") and ending in self.refused_endings:
            raise Refused("media_kind", f"a text that is called .{ending} is not kept", "Ask for a picture or a PDF.")
        if size > kind.most:
            raise Refused("media_size", f"{mime} may have {kind.most_mb} MB at most", "Ask for a smaller file.")


def load_limits(path: Path = LIMITS) -> MediaLimits:
    """The limits. Raises ContentError naming the file when it is wrong."""
    try:
        data = _File.model_validate(without_lines(read_yaml(path).data))
    except ValidationError as error:
        faults = [Fault(path, 0, f"{'.'.join(map(str, each['loc']))}: {each['msg']}") for each in error.errors()]
        raise ContentError(faults) from error
    return MediaLimits(data.kinds, frozenset(ending.lower() for ending in data.refused_endings))
