"""Reply files to replies."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import LINE_KEY, line_of
from knowledge.field_reader import LANGUAGE_CODE, FieldReader, language_files
from knowledge.replies import Button, NamedTexts, Replies, ReplyText

CONTRACT_FILE = "placeholders.yml"  # stands among the language files, see knowledge.reply_contract
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MARKET = re.compile(r"[A-Z]{2}")


def load_replies(folder: Path) -> Replies:
    """The replies of `<folder>/<language>.yml`, and the markets' own of `<folder>/markets/<CODE>.yml`.

    Raises ContentError with every fault of every file.
    """
    paths, faults = language_files(folder, reserved={CONTRACT_FILE})
    texts: dict[str, NamedTexts] = {}
    for path in paths:
        reader = FieldReader(path)
        texts[path.stem] = _read_names(reader, reader.data(), 1)
        faults += reader.faults
    overrides = {path.stem: _read_market(path, faults) for path in sorted((folder / "markets").glob("*.y*ml"))}
    if faults:
        raise ContentError(faults)
    return Replies(texts, overrides)


def _read_market(path: Path, faults: list[Fault]) -> Mapping[str, NamedTexts]:
    reader = FieldReader(path)
    if path.suffix != ".yml" or not _MARKET.fullmatch(path.stem):
        reader.fault(0, "the name is no market code; call it like DE.yml")
    data = reader.data()
    languages: dict[str, NamedTexts] = {}
    if isinstance(data, dict):
        for language, names in data.items():
            if language == LINE_KEY:
                continue
            if not isinstance(language, str) or not LANGUAGE_CODE.fullmatch(language):
                reader.fault(line_of(names) or 1, f"{language!r} is no language code; write it like de or zh-Hant")
                continue
            languages[language] = _read_names(reader, names, line_of(names) or 1)
    elif not reader.faults:
        reader.fault(1, "the file must be `language:` and below it the replies that differ")
    faults += reader.faults
    return languages


def _read_names(reader: FieldReader, data: Any, line: int) -> NamedTexts:
    if not isinstance(data, dict):
        if not reader.faults:
            reader.fault(line, "replies must be `name:` and below it `text: …`")
        return {}
    replies: dict[str, ReplyText] = {}
    for name, value in data.items():
        if name == LINE_KEY:
            continue
        where = line_of(value) or line
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            reader.fault(where, f"{name!r} is no reply name; use small letters, digits and underscores")
            continue
        reply = reader.mapping(value, ("text", "short", "buttons"), where, f"reply {name!r}")
        if reply is not None:
            what = f"reply {name!r}"
            text, short = reader.text(reply, "text", what), reader.optional_text(reply, "short", what)
            replies[name] = ReplyText(text, tuple(_read_buttons(reader, reply, name)), short, where)
    return replies


def _read_buttons(reader: FieldReader, reply: dict[str, Any], name: str) -> list[Button]:
    buttons = []
    what = f"reply {name!r}: a button"
    for item in reader.items(reply, "buttons", f"reply {name!r}"):
        button = reader.mapping(item, ("title", "short", "payload"), line_of(item) or line_of(reply), what)
        if button is not None:
            title, payload = reader.text(button, "title", what), reader.text(button, "payload", what)
            buttons.append(Button(title, payload, reader.optional_text(button, "short", what)))
    return buttons
