"""What the vendors' door counts."""

from prometheus_client import CollectorRegistry, Counter


class IntakeMetrics:
    """Counters of webhooks and events."""

    def __init__(self, registry: CollectorRegistry) -> None:
        by_channel = ("channel",)
        self._events = Counter("aftersail_events_total", "Events in webhooks", by_channel, registry=registry)
        self._new = Counter("aftersail_events_new_total", "Events not seen before", by_channel, registry=registry)
        labels = ("channel", "why")
        self._refused = Counter("aftersail_webhooks_refused_total", "Refused events", labels, registry=registry)
        self._failed = Counter(
            "aftersail_events_failed_total", "Tries to apply that failed", by_channel, registry=registry
        )

    def taken(self, channel: str, events: int, new: int) -> None:
        """Count a webhook's events."""
        self._events.labels(channel).inc(events)
        self._new.labels(channel).inc(new)

    def refused(self, channel: str, why: str) -> None:
        """Count what was not taken: signature, unreadable, account, replay."""
        self._refused.labels(channel, why).inc()

    def failed(self, channel: str) -> None:
        """Count an event that could not be applied."""
        self._failed.labels(channel).inc()
