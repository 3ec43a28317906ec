"""A noun put in another's place, with the words before it made to agree. Pure; the tables are in data/agreement/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glossaries.model import Term
from languages.translation.agreement_data import CASES, GENDERS, Agreement, Cell, Features, Paradigm

LOOK_BACK = 80  # letters before a noun in which its article is looked for
_QUOTES = " \"'„“»«(¿¡"


@dataclass(frozen=True)
class Noun:
    """A term in a number. `term` None: a noun of which nothing is known."""

    term: Term | None
    plural: bool = False

    @property
    def features(self) -> Features:
        """Gender and number as the tables name them."""
        gender = {self.term.gender} & GENDERS if self.term else frozenset[str]()
        return frozenset({*gender, *({"pl"} if self.plural else ())})


@dataclass(frozen=True)
class _Reading:
    """What the words before the noun are, and what they become."""

    paradigm: Paradigm
    old: Cell
    new: Cell

    @property
    def case(self) -> str:
        return next(iter(self.new.features & CASES), "")


def put_noun(text: str, span: tuple[int, int], old: Noun, term: Term, plural: bool, tables: Agreement) -> str:
    """`text` with `term` in place of its `span`, and the article and adjectives before it made to agree.

    Words before the noun that the tables do not know are left as they are.
    """
    start, end = span
    before, after = text[:start], text[end:]
    small = text[start : start + 1].islower()
    cut = max(0, start - LOOK_BACK)
    found = tables.before.search(before[cut:]) if tables.before else None
    readings: Sequence[_Reading] = ()
    if found:
        head = before[: cut + found.start()]
        if _is_other_number(found["form"], old, tables):  # "zum Automaten" is no plural, though the form may be one
            old, plural = Noun(old.term, not old.plural), not plural
        readings = _readings(found["form"], found["adjectives"], old, Noun(term, plural), head, tables)
    if not found or not readings:
        case = next(iter(tables.governors.get(_last_word(before), ())), "")
        return before + _begun(form_in(term, plural, case), before, small) + after
    written = _plain(found["form"])
    likely = [reading for reading in readings if reading.case in tables.cases[:2]]
    best = next((reading for reading in likely or readings if reading.new.form == written), readings[0])
    article = best.new.form[:1].upper() + best.new.form[1:] if found["form"][:1].isupper() else best.new.form
    space = "" if article.endswith("'") else " "
    adjectives = _declined(found["adjectives"], best, tables.adjectives.get(best.paradigm.adjectives, {}))
    return f"{head}{article}{space}{adjectives}{form_in(term, plural, best.case)}{after}"


def form_in(term: Term, plural: bool, case: str) -> str:
    """The confirmed form of `term` in number and case, without an article; the base form where it has none."""
    number = "pl" if plural else "sg"
    for wanted in ({case, number}, {case} if case and not plural else {number}, {number}):
        for form in term.forms:
            if form.confirmed and form.features == wanted:
                return form.text
    return term.text


def after_determiner(text: str, tables: Agreement) -> int:
    """Where the noun begins in a form that may bring its article with it; 0 when it brings none."""
    found = tables.beginning.match(text) if tables.beginning else None
    return found.end() if found and found.end() < len(text) else 0


def _is_other_number(written: str, noun: Noun, tables: Agreement) -> bool:
    """Whether the article only fits the noun in the number that it was not taken for."""
    cells = [cell for _, cell in tables.forms[_plain(written)]]
    sounds = frozenset(tables.sounds)
    this, other = (Noun(noun.term, plural).features | sounds for plural in (noun.plural, not noun.plural))
    return (
        noun.term is not None and not any(cell.fits(this) for cell in cells) and any(cell.fits(other) for cell in cells)
    )


def _readings(written: str, adjectives: str, old: Noun, new: Noun, head: str, tables: Agreement) -> Sequence[_Reading]:
    """What the written article can be beside `old`, and what it becomes; the likelier first."""
    places = tables.forms[_plain(written)]
    old_word, new_word = (adjectives or (noun.term.text if noun.term else "") for noun in (old, new))
    beside = old.features | tables.sounds_of(old_word)
    fitting = [place for place in places if place[1].fits(beside)] if old.term else places
    readings = []
    for paradigm, cell in fitting or places:
        changed = paradigm.form(new.features | tables.sounds_of(new_word), cell.features & CASES)
        if changed:
            readings.append(_Reading(paradigm, cell, changed))
    governed = tables.governors.get(_last_word(head), ())
    ranks = {case: rank for rank, case in enumerate(dict.fromkeys((*governed, *tables.cases)))}
    readings.sort(key=lambda reading: ranks.get(reading.case, 0))
    return [reading for reading in readings if reading.case in governed] or readings


def _declined(adjectives: str, reading: _Reading, endings: Mapping[Features, str]) -> str:
    """The adjectives with the ending that the new noun asks for; what has no ending of the table stays."""
    wanted = endings.get(reading.new.features)
    if wanted is None:
        return adjectives
    known = sorted({*endings.values()}, key=len, reverse=True)
    return "".join(f"{_with_ending(word, wanted, known)} " for word in adjectives.split())


def _with_ending(word: str, wanted: str, known: Sequence[str]) -> str:
    ending = next((one for one in known if word.endswith(one)), None)
    return word if ending is None else word.removesuffix(ending) + wanted


def _plain(written: str) -> str:
    return written.lower().replace("’", "'")


def _last_word(text: str) -> str:
    """The word right before, in small letters; "" at the beginning of a sentence."""
    words = text.rstrip(_QUOTES).split()
    if not words or words[-1][-1] in ".!?:":
        return ""
    return words[-1].strip(_QUOTES).lower()


def _begun(noun: str, before: str, small: bool) -> str:
    """`noun`, with a capital where it begins the sentence."""
    return noun if small or _last_word(before) else noun[:1].upper() + noun[1:]
