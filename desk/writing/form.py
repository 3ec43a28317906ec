"""What the composer sends, read and bounded."""

from collections.abc import Sequence

from conversations.model import MAX_TEXT
from desk.errors import InvalidForm
from desk.web.ask import Ask
from desk.writing.compose import Recipient, Written
from desk.writing.turn import writing_languages

LEAST_REASON, MOST_REASON = 10, 500
LEAST_KEY, MOST_KEY = 16, 64


def read_written(ask: Ask, to: Recipient, also: Sequence[str] = (), *, wordless: bool = False) -> Written:
    """The text with its choices; a language is one of the agent's, the customer's or `also`. Raises InvalidForm.

    `wordless`: there may be no words, because a file goes along.
    """
    language = ask.field("language", 16, empty=True)
    if language and language not in (*writing_languages(ask.viewer, to), *also):
        raise InvalidForm("language", f"nobody here writes {language!r}")
    override = ask.field("override", MOST_REASON, empty=True)
    if override and len(override) < LEAST_REASON:
        raise InvalidForm("override", f"a reason has at least {LEAST_REASON} characters")
    text = ask.field("text", MAX_TEXT, empty=wordless)
    if (text or not wordless) and not any(char.isprintable() and not char.isspace() for char in text):
        raise InvalidForm("text", "there is nothing in it that can be seen")
    return Written(
        text=text,
        language=language,
        edited=ask.field("edited", MAX_TEXT, empty=True),
        untranslated=ask.field("untranslated", 1, empty=True) == "1",
        override=override,
    )


def read_key(ask: Ask) -> str:
    """The form's key, by which it is sent once. Raises InvalidForm."""
    key = ask.field("key", MOST_KEY)
    if len(key) < LEAST_KEY or not key.replace("-", "").isalnum() or not key.isascii():
        raise InvalidForm("key", "the form's key is a random word of 16 letters and digits or more")
    return key
