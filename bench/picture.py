"""The comparisons as bars."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OURS, WORSE = "#2a6f97", "#b0413e"


def draw(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write a picture of the ratios: a bar to the right is better than the baseline, to the left worse."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shown = [row for row in reversed(rows) if row["ratio"]]
    labels = [f"{row['measure']}\nagainst {row['against']}" for row in shown]
    ratios = [row["ratio"] for row in shown]
    figure, axes = pyplot.subplots(figsize=(10, 1 + 0.42 * len(shown)), layout="constrained")
    bars = axes.barh(labels, [ratio - 1 for ratio in ratios], left=1, color=[OURS if r >= 1 else WORSE for r in ratios])
    axes.bar_label(bars, [f"{ratio:g} ×" for ratio in ratios], padding=3, fontsize=8)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlabel("times better than the baseline")
    axes.tick_params(axis="y", labelsize=8)
    axes.margins(x=0.15, y=0.01)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
