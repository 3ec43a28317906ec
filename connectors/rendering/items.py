"""Spans of a text that stay in one piece. Rather too wide than too narrow: it costs a cut elsewhere, never a limit."""

import regex

Span = tuple[int, int]  # text[start:end]

_LATIN = r"[\p{Latin}\d]"
# Letters that stand right beside a link or number and are no part of it, as no space parts words there.
_JOINED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}"
_UNSPACED = rf"{_JOINED}\u3000-\u303f\uff00-\uff65"
_IN_LINK = rf"(?:[^\s<>\"'{_UNSPACED}\u2066-\u2069]|(?<=[/=])[\p{{Han}}\p{{Katakana}}\p{{Hangul}}]{{1,60}})"
_SPACE = r"[ \u00a0\u202f\u2009]"
_NUMBER = rf"\d{{1,15}}(?:[.,:/'’٬٫\-–]\d{{1,15}}|{_SPACE}\d{{2,12}}(?!\d)){{0,8}}"
# What names a currency: a sign, or a word beside the number. Not a list: a word too many does no harm.
_SIGN = r"\p{L}{0,3}\p{Sc}|[%％٪]"
_AHEAD = rf"(?:(?:{_SIGN}|(?<![\p{{L}}\d])[^\W\d_{_JOINED}]{{1,5}}\.?){_SPACE}?[#\-–—:]?{_SPACE}?)"
_BEHIND = rf"(?:{_SPACE}?(?:{_SIGN}|[{_JOINED}]{{1,6}}|[^\W\d_{_JOINED}]{{1,14}}(?:{_SPACE}\p{{Latin}}{{1,10}})?))"
_LINK = regex.compile(
    rf"(?i)(?<![\p{{Latin}}\d])(?:https?://|www\.){_IN_LINK}{{1,2000}}"
    rf"|(?<![\p{{Latin}}\d@.-])(?:[a-z0-9-]{{1,63}}\.){{1,8}}[a-z]{{2,24}}(?:/{_IN_LINK}{{0,2000}})?(?!{_LATIN})"
)
_EMAIL = regex.compile(r"(?<![A-Za-z0-9.+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}")
_WITH_NUMBER = regex.compile(rf"[-−–+#＃(]?{_AHEAD}?[-−–+#＃]?{_NUMBER}{_BEHIND}?")
_ISOLATE = regex.compile(r"[\u2066-\u2068][^\u2066-\u2069\n]{1,200}\u2069")
_TOKEN = regex.compile(r"[!-~]{2,}")
_PREVIEWED = regex.compile(rf"(?i)https?://{_IN_LINK}")


def items(text: str) -> list[Span]:
    """Links, e-mail addresses, order numbers and amounts in `text`; they may overlap. Empty: there are none."""
    return [match.span() for pattern in (_LINK, _EMAIL, _WITH_NUMBER) for match in pattern.finditer(text)]


def isolates(text: str) -> list[Span]:
    """What stands between a direction isolate and its end, with both."""
    return [match.span() for match in _ISOLATE.finditer(text)]


def tokens(text: str) -> list[Span]:
    """Runs of ASCII without a space: codes, names, addresses of any shape."""
    return [match.span() for match in _TOKEN.finditer(text)]


def count_links(text: str) -> int:
    """How many addresses with http:// or https:// stand in `text`."""
    return sum(1 for _ in _PREVIEWED.finditer(text))
