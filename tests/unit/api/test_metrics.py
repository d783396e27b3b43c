"""Counters of the wire."""

from __future__ import annotations

from jackfield.api.metrics import Metrics


def test_answers_are_counted_by_route() -> None:
    """Route templates are labels; what matched no route shares one, whatever its method was."""
    metrics = Metrics()
    metrics.observe("GET", "/x/{id}", 200, 0.004)
    metrics.observe("GET", "/x/{id}", 200, 0.004)
    metrics.observe("BREW", "", 404, 0.1)
    page = metrics.page().decode()
    assert 'jackfield_http_requests_total{method="GET",route="/x/{id}",status="200"} 2.0' in page
    assert 'jackfield_http_requests_total{method="*",route="(none)",status="404"} 1.0' in page
    assert 'jackfield_http_request_seconds_bucket{le="0.005",route="/x/{id}"} 2.0' in page
    assert "BREW" not in page


def test_two_servers_in_one_process() -> None:
    """Each application counts for itself."""
    one, other = Metrics(), Metrics()
    one.observe("GET", "/x", 200, 0.1)
    assert "/x" not in other.page().decode()


def test_standing_facts() -> None:
    """What does not change is shown as labels of one sample."""
    metrics = Metrics()
    metrics.tell("some_build", "Which one.", kind="pure", version="1")
    assert 'some_build_info{kind="pure",version="1"} 1.0' in metrics.page().decode()
