"""Topic files to topics."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import LINE_KEY, line_of
from knowledge.field_reader import FieldReader, language_files
from knowledge.topics import MOST_CHARACTERS, Topics, folded

CHOICES_FILE = "topics.yml"  # beside the folder, as what may be meant is the same in every language
MOST_CHOICES = 3


def load_topics(folder: Path) -> Topics:
    """The topics of `<folder>.yml` with the names of `<folder>/<language>.yml`; none when both are missing.

    Raises ContentError with every fault of every file.
    """
    path = folder.parent / CHOICES_FILE
    if not path.exists() and not folder.exists():
        return Topics()
    reader = FieldReader(path)
    choices = _read_lists(reader, None)
    for topic, found in choices.items():
        if not 0 < len(found) <= MOST_CHOICES:
            reader.fault(0, f"topic {topic!r} has {len(found)} choices; name one to {MOST_CHOICES}")
    paths, faults = language_files(folder)
    names: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for file in paths:
        of_language = FieldReader(file)
        names[file.stem] = _read_lists(of_language, choices.keys())
        _check_names(of_language, names[file.stem])
        faults += of_language.faults
    faults += reader.faults
    if faults:
        raise ContentError(faults)
    return Topics(choices, names)


def _read_lists(reader: FieldReader, known: Collection[str] | None) -> dict[str, tuple[str, ...]]:
    """The file's lists by topic; `known` None: any topic may stand there."""
    data: Any = reader.data()
    if not isinstance(data, dict):
        if not reader.faults:
            reader.fault(1, "the file must be `topic: [name, name]` lines")
        return {}
    for topic in data.keys() - {LINE_KEY}:
        if known is not None and topic not in known:
            reader.fault(line_of(data), f"topic {topic!r} is not in {CHOICES_FILE}; add it there or rename it")
    return {str(topic): reader.texts(data, topic, f"topic {topic!r}") for topic in data if topic != LINE_KEY}


def _check_names(reader: FieldReader, topics: Mapping[str, tuple[str, ...]]) -> None:
    owners: dict[str, tuple[str, str]] = {}
    for topic, names in topics.items():
        for name in names:
            key = folded(name)
            if not key or len(name) > MOST_CHARACTERS:
                reader.fault(0, f"topic {topic!r}: {name!r} is no name; write 1 to {MOST_CHARACTERS} characters")
            owner, other = owners.setdefault(key, (topic, name))
            if owner != topic:
                message = f"{name!r} stands under {topic!r}, and {other!r} under {owner!r}; keep one of them"
                reader.faults.append(Fault(reader.path, 0, message))
