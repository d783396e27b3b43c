"""Counters of the wire, and the page that shows them to Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Info, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

UNMATCHED = "(none)"
MEDIA_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
# A list: in a compiled server a tuple of so many numbers would be made anew for each look at it.
BUCKETS: Final = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0]


class _Route:
    """How long requests to one route took.

    Args:
        counts: by bucket, the last one for everything above.
    """

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0


class Metrics:
    """Requests by route template, so that ids never become label values.

    Everything is counted on the event loop's thread in plain numbers, and given its Prometheus form only when
    somebody asks for the page: the library's own counters take a lock for each number.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.in_flight = 0
        self._answers: dict[tuple[str, str, int], int] = {}
        self._routes: dict[str, _Route] = {}
        self.registry.register(self)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer. Status 0 is a client that went away before it."""
        key = (method if route else "*", route or UNMATCHED, status)
        self._answers[key] = self._answers.get(key, 0) + 1
        times = self._routes.get(key[1])
        if times is None:
            times = self._routes[key[1]] = _Route()
        times.counts[bisect_left(BUCKETS, seconds)] += 1
        times.seconds += seconds

    def collect(self) -> Iterator[Metric]:
        """Return everything in Prometheus' form; the registry calls this."""
        yield GaugeMetricFamily(
            "jackfield_http_requests_in_flight", "Requests being answered.", value=self.in_flight
        )
        answers = CounterMetricFamily(
            "jackfield_http_requests", "Requests answered.", labels=("method", "route", "status")
        )
        for (method, route, status), count in self._answers.items():
            answers.add_metric((method, route, str(status)), count)
        yield answers
        times = HistogramMetricFamily(
            "jackfield_http_request_seconds", "Time from a request's head to its answer.", labels=("route",)
        )
        for route, one in self._routes.items():
            bounds = (*(str(bound) for bound in BUCKETS), "+Inf")
            totals = [float(total) for total in accumulate(one.counts)]
            times.add_metric((route,), list(zip(bounds, totals, strict=True)), one.seconds)
        yield times

    def watch(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Show a number that is kept elsewhere."""
        Gauge(name, meaning, registry=self.registry).set_function(value)

    def tell(self, name: str, meaning: str, **facts: str) -> None:
        """Show what does not change while the server runs, as labels of `<name>_info`."""
        Info(name, meaning, registry=self.registry).info(facts)

    def page(self) -> bytes:
        """Return the exposition text."""
        return generate_latest(self.registry)
