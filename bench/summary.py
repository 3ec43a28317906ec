"""Our figures beside those of the named baseline, as ratios. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]
DEFAULT = "rasa init"
RIVAL = "lingua"  # the better of the two plain detectors


def compare(parts: Mapping[str, Rows]) -> list[dict[str, Any]]:
    """A row for each comparison; `ratio` is above 1 where ours is better. Parts that were not measured give none."""
    rows = _servers(parts["worker"], parts["rasa_default"])
    if "embedder" in parts:
        rows += _embedder(parts["embedder"])
    if "retrieval" in parts:
        rows += _retrieval(parts["retrieval"])
    if "language" in parts:
        rows += _language(parts["language"])
    if "growth" in parts:
        rows += _growth(parts["growth"])
    return rows


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


def _growth(rows: Rows) -> list[dict[str, Any]]:
    pairs = [(rows[1], rows[0]), (rows[3], rows[2])]
    return [
        _row(f"turn ms, {more['what']}", more["turn_ms"], less["turn_ms"], less["what"], more=False)
        for more, less in pairs
    ]


def _row(what: str, ours: float, theirs: float, baseline: str, more: bool = True) -> dict[str, Any]:
    """`more`: whether a larger figure is better."""
    better, worse = (ours, theirs) if more else (theirs, ours)
    ratio = round(better / worse, 2) if worse else None
    return {"measure": what, "ours": round(ours, 3), "baseline": round(theirs, 3), "against": baseline, "ratio": ratio}
