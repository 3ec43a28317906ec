"""What masks stand for, put back into a translation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from languages.translation.agreement import Noun, put_noun
from languages.translation.agreement_data import Agreement, load_agreement
from languages.translation.mask_shapes import FoundMask
from languages.translation.protect import Protected
from languages.translation.sentence_rules import load_sentence_rules
from languages.translation.wanted import Wanted


@dataclass(frozen=True)
class Restored:
    """`tidy`: no mask, nor a piece of one, is left in the text. A mask may be missing: that the gate finds out."""

    text: str
    tidy: bool


def restore(protected: Protected, translation: str, language: str) -> Restored:
    """`translation`, in `language`, with the held items letter for letter and the terms in a form that fits there."""
    if not protected.held:
        return Restored(translation, True)
    found = protected.shape.find(translation)
    strange = any(mask.index >= len(protected.held) for mask in found)
    tables = load_agreement(language)
    spaced = load_sentence_rules().of(language).space == " "
    for mask in reversed(found):
        if mask.index < len(protected.held):
            held = protected.held[mask.index]
            if held.wanted is None:
                translation = _put_item(translation, mask, held.text, spaced)
            else:
                translation = _put_term(translation, mask, held.wanted, tables, spaced)
    return Restored(translation, not strange and not _has_pieces(translation, protected))


def _has_pieces(text: str, protected: Protected) -> bool:
    """Whether signs of a mask stand in `text` that the original does not have."""
    signs = {sign for sign in (protected.shape.opening, protected.shape.closing) if sign and not sign.isalnum()}
    return any(text.count(sign) > protected.original.count(sign) for sign in signs)


def _put_item(text: str, mask: FoundMask, item: str, spaced: bool) -> str:
    before, after = text[: mask.start], text[mask.end :]
    return before + _gap(before, item, spaced) + item + _gap(item, after, spaced) + after


def _put_term(text: str, mask: FoundMask, wanted: Wanted, tables: Agreement, spaced: bool) -> str:
    before, after = text[: mask.start], text[mask.end :]
    gap, behind = _gap(before, "x", spaced), _gap("x", after, spaced)
    text = before + gap + text[mask.start : mask.end] + behind + after
    span = (mask.start + len(gap), mask.end + len(gap))
    plural = wanted.plural or _is_many(before.split())
    return put_noun(text, span, Noun(None, plural), wanted.term, plural, tables)


def _gap(left: str, right: str, spaced: bool) -> str:
    """A space where an engine has glued a mask to a word of a language that parts its words."""
    return " " if spaced and left[-1:].isalnum() and right[:1].isalnum() else ""


def _is_many(words: Sequence[str]) -> bool:
    return bool(words) and words[-1].isdecimal() and int(words[-1]) != 1
