"""The choice of a language, and the admission that there are no texts in the one that the customer writes."""

from collections.abc import Sequence

from actions.outcome import Outcome, Say, say
from actions.turn import Turn

SELECTABLE = 20  # languages offered at most
UNSUPPORTED = "utter_language_unsupported"


def language_choices(languages: Sequence[str]) -> list[tuple[str, str]]:
    """A button for each language, under the language's own name."""
    unique = list(dict.fromkeys(languages))[:SELECTABLE]
    return [(f"language:{code}", f'change_language{{"language": "{code}"}}') for code in unique]


def admit_unsupported(turn: Turn, code: str, known: Sequence[str]) -> Outcome:
    """That there are no texts in `code` (BCP 47), and the languages that there are."""
    choices = language_choices([*turn.market.languages, *known])
    return Outcome([Say(say(UNSUPPORTED).line, choices=choices)], {"admitted_language": code})


def with_admission(turn: Turn, outcome: Outcome, known: Sequence[str]) -> Outcome:
    """`outcome`, followed by the admission when the message is in a language without texts; once for each language."""
    code = turn.decision.get("unsupported")
    if not code or turn.slot("admitted_language") == code or "admitted_language" in outcome.slots or outcome.wishes:
        return outcome
    admission = admit_unsupported(turn, code, known)
    return Outcome([*outcome.says, *admission.says], {**outcome.slots, **admission.slots}, outcome.wishes)
