"""Counters of the wire, and the page that shows them to Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

UNMATCHED = "(none)"
MEDIA_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Requests by route template, so that ids never become label values."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.in_flight = Gauge(
            "jackfield_http_requests_in_flight", "Requests being answered.", registry=self.registry
        )
        self._answers = Counter(
            "jackfield_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "jackfield_http_request_seconds",
            "Time from a request's head to its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        # Looking a label up costs more than counting; the labels are few.
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer. Status 0 is a client that went away before it."""
        key = (method if route else "*", route or UNMATCHED, status)
        counters = self._known.get(key)
        if counters is None:
            answers = self._answers.labels(key[0], key[1], str(status))
            counters = self._known[key] = (answers, self._seconds.labels(key[1]))
        counters[0].inc()
        counters[1].observe(seconds)

    def page(self) -> bytes:
        """Return the exposition text."""
        return generate_latest(self.registry)
