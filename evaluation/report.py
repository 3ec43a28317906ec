"""Figures of an evaluation, as a table and as a picture."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evaluation.judge import Judged

VERDICTS = ("right", "wrong", "asked", "asked_needlessly", "unsure")
SHORT_WORDS = 3
# Languages without spaces: so many characters count as three words.
SHORT_CHARACTERS = 8
Row = Mapping[str, float]
COLUMNS = (
    ("faq_first_hit", "FAQ first hit"),
    ("faq_right", "FAQ answered right"),
    ("intent", "intent"),
    ("right", "served right"),
    ("wrong", "served wrong"),
    ("asked", "asked"),
    ("asked_needlessly", "asked needlessly"),
    ("unsure", "unsure"),
    ("language_short", "language 1–3 words"),
    ("language_long", "language longer"),
    ("language_asked", "language asked"),
    ("language_wrong_when_sure", "language wrong when sure"),
    ("order_number", "order number"),
)


def summarise(judged: Sequence[Judged]) -> dict[str, Any]:
    """{"languages": {code: figures}, "all": figures, "cases": count}; every figure is a share from 0 to 1."""
    codes = sorted({item.case.language for item in judged})
    languages = {code: _figures([item for item in judged if item.case.language == code]) for code in codes}
    return {"cases": len(judged), "all": _figures(judged), "languages": languages}


def show(summary: Mapping[str, Any], console: Console) -> None:
    """Print the table, a row per language."""
    table = Table("language", *(title for _, title in COLUMNS))
    for code, row in {**summary["languages"], "all": summary["all"]}.items():
        table.add_row(code, *(f"{row[name]:.3f}" for name, _ in COLUMNS))
    Console(width=200, file=console.file).print(table)


def draw(summary: Mapping[str, Any], path: Path) -> None:
    """Write a picture of the main figures per language."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    codes = list(summary["languages"])
    shown = [("faq_first_hit", "#0f766e"), ("right", "#38bdf8"), ("wrong", "#e4572e")]
    figure, axes = pyplot.subplots(figsize=(11, 4))
    titles = dict(COLUMNS)
    for index, (name, color) in enumerate(shown):
        places = [place + (index - 1) * 0.27 for place in range(len(codes))]
        axes.bar(places, [summary["languages"][code][name] for code in codes], 0.26, label=titles[name], color=color)
    axes.set_xticks(range(len(codes)), codes)
    axes.set_ylim(0, 1)
    axes.axhline(0.95, color="#999999", linewidth=0.8, linestyle="--")
    axes.set_title(f"{summary['cases']} questions the bot has never seen")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=3, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _figures(judged: Sequence[Judged]) -> dict[str, float]:
    faq = [item for item in judged if item.case.kind == "faq"]
    intents = [item for item in judged if item.case.kind == "intents"]
    served = [*faq, *intents]
    # "English please" is answered in English, and a bare number is in no language.
    spoken = [item for item in served if item.case.expected not in ("change_language", "inform")]
    sure = [item for item in spoken if not item.read.language_asked]
    return {
        "faq_first_hit": _share(faq, lambda item: item.first_hit),
        "faq_right": _share(faq, lambda item: item.verdict == "right"),
        "intent": _share(intents, lambda item: item.intent_right),
        **{name: sum(item.verdict == name for item in served) / max(len(served), 1) for name in VERDICTS},
        "language_short": _share([item for item in spoken if _is_short(item)], _language_right),
        "language_long": _share([item for item in spoken if not _is_short(item)], _language_right),
        "language_asked": _share(spoken, lambda item: item.read.language_asked),
        "language_wrong_when_sure": _share(sure, lambda item: not _language_right(item)),
        "order_number": _share(
            [item for item in judged if item.case.kind == "order_numbers"], lambda item: item.verdict == "right"
        ),
    }


def _language_right(item: Judged) -> bool:
    return item.read.language == item.case.language


def _is_short(item: Judged) -> bool:
    text = item.case.text
    return len(text.split()) <= SHORT_WORDS and (text.isascii() or len(text) <= SHORT_CHARACTERS or " " in text)


def _share(items: Sequence[Judged], test: Callable[[Judged], bool]) -> float:
    return sum(map(test, items)) / len(items) if items else 0.0
