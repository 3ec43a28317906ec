"""What the sender counts."""

from prometheus_client import CollectorRegistry, Counter


class DeliveryMetrics:
    """Counters of calls to vendors."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("account", "cost")
        self._sent = Counter("aftersail_sent_total", "Calls that the vendor took", labels, registry=registry)
        labels = ("account", "error")
        self._failed = Counter("aftersail_send_errors_total", "Calls that did not end well", labels, registry=registry)
        self._blind = Counter(
            "aftersail_sent_blind_total",
            "Calls repeated without knowing of the one before: a customer may have got them twice",
            ("account",),
            registry=registry,
        )

    def sent(self, account: str, cost: str) -> None:
        """Count a call by what it costs: free, push or template."""
        self._sent.labels(account, cost).inc()

    def failed(self, account: str, error: str) -> None:
        """Count an error by its class."""
        self._failed.labels(account, error).inc()

    def repeated_blind(self, account: str) -> None:
        """Count a call that may have been made twice."""
        self._blind.labels(account).inc()
