"""What the worker counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 20)


class WorkerMetrics:
    """Turns by outcome and their seconds."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._turns = Counter("aftersail_turns", "Messages handled by the bot", ["outcome"], registry=registry)
        self._blocked = Counter("aftersail_gate_blocked", "Turns that the gate did not let pass", registry=registry)
        self._seconds = Histogram("aftersail_turn_seconds", "Seconds of a turn", buckets=BUCKETS, registry=registry)

    def turn(self, seconds: float, *, failed: bool, handed_off: bool) -> None:
        """Count one turn."""
        self._turns.labels("failed" if failed else "handed_off" if handed_off else "answered").inc()
        self._seconds.observe(seconds)

    def blocked(self) -> None:
        """Count a turn that was replaced by approved words and a person."""
        self._blocked.inc()
