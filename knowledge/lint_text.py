"""Faults of a single text: braces, spaces, control characters, script. Pure."""

import unicodedata
from collections.abc import Iterator

from babel.core import get_global

from knowledge.templates import parse_template

# Start of the Unicode name of a script's letters → the scripts (ISO 15924) that use them.
_SCRIPTS = {
    "LATIN": frozenset({"Latn"}),
    "ARABIC": frozenset({"Arab"}),
    "THAI": frozenset({"Thai"}),
    "HIRAGANA": frozenset({"Jpan"}),
    "KATAKANA": frozenset({"Jpan"}),
    "HANGUL": frozenset({"Kore"}),
    "CJK": frozenset({"Jpan", "Hans", "Hant"}),
    "CYRILLIC": frozenset({"Cyrl"}),
    "GREEK": frozenset({"Grek"}),
    "HEBREW": frozenset({"Hebr"}),
    "DEVANAGARI": frozenset({"Deva"}),
}
# National character sets tell simplified from traditional characters.
_HAN_CHARSETS = {"Hans": "gb2312", "Hant": "big5"}
_INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"}
SHORT = 20  # UTF-16 units: a button of WhatsApp and of LINE
_JOINERS = "\u200c\u200d"  # part of the spelling in some scripts


def utf16_units(text: str) -> int:
    """Length of `text` as channels count it: two for a character beyond U+FFFF."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_short(short: str, language: str, *, any_script: bool = False) -> Iterator[str]:
    """What is wrong with the short form of a title, one message each; nothing when there is none."""
    if not short:
        return
    if utf16_units(short) > SHORT:
        yield f"the short form {short!r} has {utf16_units(short)} UTF-16 units; {SHORT} fit on a button"
    for message in check_text(short, language, one_line=True, any_script=any_script):
        yield f"the short form {short!r} {message}"


def needs_short(title: str, short: str) -> bool:
    """Whether `title` does not fit on a small button and nothing is written in its place."""
    return not short and utf16_units(title) > SHORT


def script_of(language: str) -> str:
    """ISO 15924 code of the script that `language` ("de", "zh-Hant") is written in; Latn when unknown."""
    key = language.replace("-", "_")
    return next((part for part in get_global("likely_subtags").get(key, key).split("_") if len(part) == 4), "Latn")


def check_text(text: str, language: str, *, one_line: bool = False, any_script: bool = False) -> Iterator[str]:
    """What is wrong with `text`, one message with its remedy each. `any_script`: it may be a proper name."""
    if parse_template(text).stray_braces:
        yield "has a brace outside a placeholder; write placeholders as {small_letters} and no other braces"
    if text != text.strip():
        yield "starts or ends with a space; remove it"
    elif "  " in text:
        yield "has two spaces in a row; keep one"
    allowed = _JOINERS if one_line else _JOINERS + "\n"
    hidden = sorted({c for c in text if unicodedata.category(c) in _INVISIBLE and c not in allowed})
    if hidden:
        yield f"has invisible characters ({', '.join(f'U+{ord(c):04X}' for c in hidden)}); remove them"
    if not any_script:
        yield from check_script(text, language)


def check_script(text: str, language: str) -> Iterator[str]:
    """What is wrong with the letters of `text`: not in the language's script, or of a foreign one."""
    script = script_of(language)
    letters = [c for c in parse_template(text).literal if unicodedata.category(c).startswith("L")]
    scripts = {c: _scripts_of(c) for c in dict.fromkeys(letters)}
    if letters and not any(script in found for found in scripts.values()):
        yield f"is not written in the script of {language!r}; translate it"
        return
    foreign = [c for c, found in scripts.items() if found and script not in found and "Latn" not in found]
    foreign += [c for c in scripts if _other_han(c, script)]
    if foreign:
        yield f"has letters that {language!r} does not use ({' '.join(foreign[:8])}); correct them"


def has_script(text: str, language: str) -> bool:
    """Whether `text` has a letter of the language's script."""
    script = script_of(language)
    return any(script in _scripts_of(c) for c in text)


def _scripts_of(character: str) -> frozenset[str]:
    return _SCRIPTS.get(unicodedata.name(character, "").split(" ")[0].split("-")[0], frozenset())


def _other_han(character: str, script: str) -> bool:
    charset = _HAN_CHARSETS.get(script)
    if charset is None or not unicodedata.name(character, "").startswith("CJK UNIFIED"):
        return False
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return True
    return False
