"""Our figures beside those of the named baseline, as ratios. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]
DEFAULT = "rasa init"
LIBRE = "LibreTranslate"
RIVAL = "lingua"  # the better of the two plain detectors


def compare(parts: Mapping[str, Rows]) -> list[dict[str, Any]]:
    """A row for each comparison; `ratio` is above 1 where ours is better. Parts that were not measured give none."""
    rows = _servers(parts["worker"], parts["rasa_default"])
    for name, comparison in _comparisons().items():
        rows += comparison(parts[name]) if name in parts else []
    return rows


def _comparisons() -> Mapping[str, Callable[[Rows], list[dict[str, Any]]]]:
    return {
        "embedder": _embedder,
        "retrieval": _retrieval,
        "language": _language,
        "glossary": _glossary,
        "translation": _translation,
        "growth": _growth,
        "webhooks": _webhooks,
        "desk": _desk,
    }


def _servers(ours: Rows, defaults: Rows) -> list[dict[str, Any]]:
    rows = []
    for row in ours:
        default = next(other for other in defaults if other["at once"] == row["at once"])
        for name, label in (("msg_per_s", "messages/s"), ("median_ms", "median ms"), ("p95_ms", "p95 ms")):
            what = f"{label}, {row['at once']} at once, {row['server'].split(', ')[1]}"
            rows.append(_row(what, row[name], default[name], DEFAULT, more=name == "msg_per_s"))
    for name, label in (("memory_mb", "memory MB, one worker"), ("start_s", "start s, one worker")):
        rows.append(_row(label, ours[0][name], defaults[0][name], DEFAULT, more=False))
    return rows


def _embedder(rows: Rows) -> list[dict[str, Any]]:
    torch, *ways = rows
    return [
        _row(f"ms a sentence, {way['way']}", way["median_ms"], torch["median_ms"], torch["way"], more=False)
        for way in ways
    ]


def _retrieval(rows: Rows) -> list[dict[str, Any]]:
    """The largest, compressed, against the one before, which is exact."""
    first, last = rows[-2], rows[-1]
    baseline = f"{first['vectors']:,} questions"
    return [
        _row(f"search ms, {last['vectors']:,} questions", last["median_ms"], first["median_ms"], baseline, more=False)
    ]


def _language(rows: Rows) -> list[dict[str, Any]]:
    found = {(row["system"], row["length"]): row for row in rows}
    return [
        _row(f"language right, {length}, {system.split(', ')[1]}", row["right"], found[RIVAL, length]["right"], RIVAL)
        for (system, length), row in found.items()
        if system.startswith("aftersail")
    ]


def _glossary(rows: Rows) -> list[dict[str, Any]]:
    """Our matcher against the first system of its language, the named baseline."""
    firsts: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        firsts.setdefault(row["language"], row)
    return [
        _row(
            f"matcher µs, {row['terms']:,} terms, {row['language']}",
            row["us"],
            firsts[row["language"]]["us"],
            firsts[row["language"]]["system"],
            more=False,
        )
        for row in rows
        if row["system"] == "aftersail" and row["terms"] == firsts[row["language"]]["terms"]
    ]


def _translation(rows: Rows) -> list[dict[str, Any]]:
    """Sentences a second against LibreTranslate with as many threads; none where it is not installed."""
    rivals = {row["threads"]: row for row in rows if row["system"] == LIBRE and "sentences_per_s" in row}
    ours = [row for row in rows if row["system"].startswith("aftersail") and row["threads"] in rivals]
    return [
        _row(
            f"sentences/s, {row['threads']} threads, {row['system'].split(', ')[1]}",
            row["sentences_per_s"],
            rivals[row["threads"]]["sentences_per_s"],
            LIBRE,
        )
        for row in ours
    ]


def _growth(rows: Rows) -> list[dict[str, Any]]:
    pairs = [(rows[1], rows[0]), (rows[3], rows[2])]
    return [
        _row(f"turn ms, {more['what']}", more["turn_ms"], less["turn_ms"], less["what"], more=False)
        for more, less in pairs
    ]


def _webhooks(rows: Rows) -> list[dict[str, Any]]:
    bare, *ours = rows
    return [
        _row(_acknowledged(row, label), row[f"{label}_ms"], bare[f"{label}_ms"], "bare endpoint", more=False)
        for row in ours
        for label in ("p50", "p99")
    ]


def _desk(rows: Rows) -> list[dict[str, Any]]:
    bare, ours = rows
    names = {"median_ms": "message on an agent's screen, median ms", "p95_ms": "message on an agent's screen, p95 ms"}
    return [_row(text, ours[name], bare[name], "bare events", more=False) for name, text in names.items()]


def _acknowledged(row: Mapping[str, Any], label: str) -> str:
    return f"webhook acknowledged, {label} ms, {row['endpoint'].split(', ')[1]}"


def _row(what: str, ours: float, theirs: float, baseline: str, more: bool = True) -> dict[str, Any]:
    """`more`: whether a larger figure is better."""
    better, worse = (ours, theirs) if more else (theirs, ours)
    ratio = round(better / worse, 2) if worse else None
    return {"measure": what, "ours": round(ours, 3), "baseline": round(theirs, 3), "against": baseline, "ratio": ratio}
