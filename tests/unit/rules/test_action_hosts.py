"""Hosts that the caller of an action chooses."""

from __future__ import annotations

import pytest

from jackfield.domain.action import ActionConfig, RequestConfig
from jackfield.domain.finding import Severity
from jackfield.rules.action_hosts import check_host

CHOSEN = [
    "${input.url}",
    "$!{input.url}/path",
    "https://${input.host}/x",
    "https://$INPUT.host:8443/x",
    "https://api.example.com:${input.port}/",
    "https://$esc.url($input.tenant).example.com/",
    "${input.scheme}://api.example.com/",
    "#set($host = ${input.host})https://$host/x",
    "https://${input.tenant}.example.com?x=1",
]
FIXED = [
    "https://api.example.com/${input.id}",
    "https://api.example.com?id=${input.id}",
    "https://api.example.com",
    "/api/v2/users/${input.id}",
    "${credentials.loginUrl}/${input.id}",
    "${authResponse.instance_url}/services/${input.id}?to=https://x.example/",
    "https://${inputs.host}/",
    "",
]


@pytest.mark.parametrize("template", CHOSEN)
def test_a_host_from_the_input(template: str) -> None:
    """A warning with the reference's place, but only where a credential would go there."""
    config = ActionConfig(RequestConfig(template))
    (finding,) = check_host(config, attached=True)
    assert (finding.code, finding.severity) == ("HOST_FROM_INPUT", Severity.WARNING)
    assert finding.place.column is not None
    assert template[finding.place.column - 1 :].startswith(finding.seen)
    assert check_host(config, attached=False) == ()


@pytest.mark.parametrize("template", FIXED)
def test_a_host_that_stands(template: str) -> None:
    """Path and query may come from the input; other variables decide about hosts at their owner's risk."""
    assert check_host(ActionConfig(RequestConfig(template)), attached=True) == ()
