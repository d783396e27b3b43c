"""Lists on the wire: pages, links, filters, sorting, expansion, cursors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from support.installation import (
    API,
    configure,
    enable,
    make_action,
    make_credential,
    make_integration,
    simple_config,
    taken,
)
from support.refusals import refusal
from support.server import Server

NAMES = ["delta", "Alpha", "charlie", "bravo", "echo", "golf", "foxtrot"]


@dataclass(frozen=True)
class Content:
    """A server's whole content, in the order of its creation."""

    http: httpx.Client
    credentials: list[str]
    integrations: list[str]
    actions: list[str]

    def page(self, path: str, **query: Any) -> dict[str, Any]:
        """GET a list."""
        return taken(self.http.get(f"{API}{path}", params=query))

    def ids(self, path: str, **query: Any) -> list[str]:
        """GET a list and return the ids of its entities."""
        return [entity["id"] for entity in self.page(path, **query)["entities"]]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Content]:
    """A server with seven credentials, integrations and actions and nothing else."""
    with Server(tmp_path_factory.mktemp("lists") / "data") as server, server.http() as http:
        credentials = [make_credential(http, name)["id"] for name in NAMES]
        integrations = [make_integration(http, name)["id"] for name in NAMES[:6]]
        integrations.append(make_integration(http, NAMES[6], "webhook")["id"])
        configure(http, integrations[2], name="charlie", credentials={"basicAuth": {"id": credentials[0]}})
        enable(http, integrations[3])
        config = simple_config("https://example.com/")
        actions = [
            make_action(
                http, integrations[0], name=name, category=f"c{place % 3}", secure=place == 1, config=config
            )["id"]
            for place, name in enumerate(NAMES)
        ]
        yield Content(http, credentials, integrations, actions)


PAGED = [("", "integrations"), ("/credentials", "credentials"), ("/actions", "actions")]


@pytest.mark.parametrize(("path", "noun"), PAGED)
def test_following_next_uri_visits_everything_once(content: Content, path: str, noun: str) -> None:
    """`nextUri` leads through all pages and is absent on the last."""
    wanted = getattr(content, noun)
    page = content.page(path, pageSize=3)
    seen = [entity["id"] for entity in page["entities"]]
    assert (page["pageSize"], page["pageNumber"], page["total"], page["pageCount"]) == (3, 1, 7, 3)
    assert "previousUri" not in page
    while "nextUri" in page:
        page = taken(content.http.get(page["nextUri"]))
        seen += [entity["id"] for entity in page["entities"]]
    assert sorted(seen) == sorted(wanted)
    assert page["pageNumber"] == 3
    assert content.http.get(page["firstUri"]).json()["pageNumber"] == 1
    assert content.http.get(page["lastUri"]).json()["entities"] == page["entities"]
    assert content.http.get(page["previousUri"]).json()["pageNumber"] == 2


@pytest.mark.parametrize(("path", "noun"), PAGED)
def test_lists_come_in_order_of_creation(content: Content, path: str, noun: str) -> None:
    """Without sorting, the order is that of creation."""
    assert content.ids(path) == getattr(content, noun)


@pytest.mark.parametrize("path", ["", "/credentials", "/actions", "/types", "/actions/categories"])
def test_past_the_end(content: Content, path: str) -> None:
    """A page past the end is 200 and empty: clients loop until they get one."""
    page = content.page(path, pageNumber=99)
    assert page["entities"] == []
    assert page["pageCount"] == 1
    assert page["total"] > 0
    assert "nextUri" not in page


@pytest.mark.parametrize(("asked", "used"), [("1000", 999), ("999", 999), ("0", 1), ("-5", 1)])
def test_page_size_is_clamped(content: Content, asked: str, used: int) -> None:
    """The wizard asks for 1,000 and must not fail."""
    assert content.page("", pageSize=asked)["pageSize"] == used


@pytest.mark.parametrize("query", [{"pageSize": "many"}, {"pageNumber": "1.5"}])
def test_page_numbers_that_are_none(content: Content, query: dict[str, str]) -> None:
    """A word where a number belongs is refused by name."""
    refused = refusal(content.http.get(API, params=query), 400, "invalid.value")
    assert refused.faults[0].pointer == f"query/{next(iter(query))}"


def test_expand_adds_the_configuration(content: Content) -> None:
    """`expand=config.current` adds the configuration with its credentials map; without it there is none."""
    assert all("config" not in entity for entity in content.page("")["entities"])
    expanded = content.page("", expand="config.current")["entities"][2]["config"]["current"]
    assert expanded["credentials"]["basicAuth"]["id"] == content.credentials[0]
    assert (expanded["id"], expanded["version"], expanded["properties"]) == ("current", 2, {})
    one = taken(content.http.get(f"{API}/{content.integrations[2]}?expand=config.current"))
    assert one["config"]["current"] == expanded


@pytest.mark.parametrize(
    "query", ["expand=a,config.current", "expand=a&expand=config.current", "expand=config"]
)
def test_expand_in_every_spelling(content: Content, query: str) -> None:
    """Python and Go join with commas, JavaScript repeats; `config` means the same."""
    page = taken(content.http.get(f"{API}?{query}"))
    assert all("current" in entity["config"] for entity in page["entities"])


def test_filter_by_ids(content: Content) -> None:
    """Ids come comma-joined or repeated; unknown ones are just not there."""
    wanted = [content.integrations[4], content.integrations[1]]
    assert content.ids("", ids=",".join([*wanted, "no-such-id"])) == sorted(
        wanted, key=content.integrations.index
    )
    assert set(content.ids("", ids=wanted)) == set(wanted)
    assert content.ids("", ids="no-such-id") == []


def test_too_many_ids(content: Content) -> None:
    """At most 100 integrations and 50 actions at once."""
    many = ",".join(f"id-{number}" for number in range(101))
    refused = refusal(content.http.get(API, params={"ids": many}), 400, "invalid.value")
    assert refused.faults[0].pointer == "query/ids"
    many = ",".join(f"id-{number}" for number in range(51))
    refusal(content.http.get(f"{API}/actions", params={"ids": many}), 400, "invalid.value")


def test_filters_of_integrations(content: Content) -> None:
    """By type, by reported state in any case, and by the credential in use."""
    assert content.ids("", integrationType="webhook") == [content.integrations[6]]
    assert content.ids("", integrationType="no-such-type") == []
    assert content.ids("", reportedState="active") == [content.integrations[3]]
    assert len(content.ids("", reportedState="INACTIVE")) == 6
    assert content.ids("", credentialId=content.credentials[0]) == [content.integrations[2]]
    assert content.ids("", credentialId=content.credentials[0], integrationType="webhook") == []


def test_a_state_that_is_none(content: Content) -> None:
    """A state that does not exist is refused with those that do."""
    refused = refusal(content.http.get(API, params={"reportedState": "BROKEN"}), 400, "invalid.value")
    assert "ACTIVATING" in refused.at("query/reportedState").accepted


def test_links_keep_the_filters(content: Content) -> None:
    """The next page of a filtered list is filtered too."""
    page = content.page("", reportedState="INACTIVE", pageSize=4)
    assert page["pageCount"] == 2
    following = taken(content.http.get(page["nextUri"]))
    assert following["total"] == 6
    assert len(following["entities"]) == 2


def test_sorting_integrations(content: Content) -> None:
    """By name or type; any other field is a warning."""
    names = [entity["name"] for entity in content.page("", sortBy="name")["entities"]]
    assert names == sorted(names, key=str.lower)
    warned = content.http.get(API, params={"sortBy": "colour"})
    assert warned.status_code == 200
    assert "colour" in warned.headers["Jackfield-Findings"]


def test_sorting_actions(content: Content) -> None:
    """By name in both directions, the direction in any case."""
    names = [entity["name"] for entity in content.page("/actions", sortBy="name")["entities"]]
    assert names == sorted(names, key=str.lower)
    query = {"sortBy": "name", "sortOrder": "desc"}
    assert [entity["name"] for entity in content.page("/actions", **query)["entities"]] == names[::-1]
    query["sortOrder"] = "DESC"
    assert [entity["name"] for entity in content.page("/actions", **query)["entities"]] == names[::-1]


def test_filters_of_actions(content: Content) -> None:
    """By category, by part of the name in any case, by ids, by secure."""
    assert content.ids("/actions", category="c1") == [content.actions[1], content.actions[4]]
    assert content.ids("/actions", name="ALPH") == [content.actions[1]]
    assert content.ids("/actions", name="%") == []
    assert content.ids("/actions", ids=f"{content.actions[5]},{content.actions[0]}") == [
        content.actions[0],
        content.actions[5],
    ]
    assert content.ids("/actions", secure="true") == [content.actions[1]]
    assert len(content.ids("/actions", secure="false")) == 6


def test_what_a_list_of_actions_shows(content: Content) -> None:
    """Configuration only if asked for; the contract not at all."""
    bare = content.page("/actions")["entities"][0]
    assert "config" not in bare
    assert "contract" not in bare
    full = content.page("/actions", includeConfig="true")["entities"][0]
    assert full["config"]["request"]["requestUrlTemplate"] == "https://example.com/"


def test_categories(content: Content) -> None:
    """Distinct categories by name, an envelope without links."""
    page = content.page("/actions/categories", pageSize=2)
    assert page["entities"] == [{"name": "c0"}, {"name": "c1"}]
    assert (page["total"], page["pageCount"]) == (3, 2)
    assert not [name for name in page if name.endswith("Uri")]
    down = content.page("/actions/categories", sortBy="name", sortOrder="desc")
    assert [entity["name"] for entity in down["entities"]] == ["c2", "c1", "c0"]
    assert content.page("/actions/categories", secure="true")["entities"] == [{"name": "c1"}]


def test_cursor_listing_forward(content: Content) -> None:
    """`nextUri` leads through everything once; the envelope has only links."""
    page = content.page("/credentials/listing", pageSize=3)
    assert set(page) <= {"entities", "nextUri", "previousUri", "selfUri"}
    seen = [entity["id"] for entity in page["entities"]]
    while "nextUri" in page:
        page = taken(content.http.get(page["nextUri"]))
        seen += [entity["id"] for entity in page["entities"]]
    assert seen == content.credentials


def test_cursor_listing_as_terraform_does_it(content: Content) -> None:
    """`after` starts empty, then is the last entity's id, until a page is empty."""
    seen: list[str] = []
    after = ""
    while page := content.ids("/credentials/listing", pageSize="2", after=after):
        seen += page
        after = page[-1]
    assert seen == content.credentials


def test_cursor_listing_backward(content: Content) -> None:
    """`before` is exclusive and gives what stands right before it."""
    before = content.ids("/credentials/listing", before=content.credentials[4], pageSize=2)
    assert before == content.credentials[2:4]
    page = content.page("/credentials/listing", after=content.credentials[4], pageSize=2)
    previous = taken(content.http.get(page["previousUri"]))
    assert [entity["id"] for entity in previous["entities"]] == content.credentials[3:5]


def test_types(content: Content) -> None:
    """Types are paged, each by id too, with slots and links to its schemas."""
    page = content.page("/types", pageSize=100)
    kinds = {entity["id"]: entity for entity in page["entities"]}
    assert page["total"] == len(kinds) >= 22
    kind = kinds["custom-rest-actions"]
    assert kind["credentials"]["basicAuth"]["credentialTypes"] == [
        "basicAuth",
        "userDefined",
        "userDefinedOAuth",
    ]
    assert kind["credentials"]["basicAuth"]["required"] is False
    assert taken(content.http.get(f"{API}/types/custom-rest-actions")) == kind
    for link in (kind["configPropertiesSchemaUri"], kind["configAdvancedSchemaUri"]):
        assert taken(content.http.get(link))["type"] == "object"
    refusal(content.http.get(f"{API}/types/custom-rest-action"), 404, "not.found")
    refusal(content.http.get(f"{API}/types/webhook/configschemas/current"), 404, "not.found")


def test_credential_types(content: Content) -> None:
    """A bare array; basicAuth in its published form."""
    answer = content.http.get(f"{API}/credentials/types")
    kinds = {kind["name"]: kind for kind in answer.json()}
    assert kinds["basicAuth"]["displayOrder"] == ["userName", "password"]
    assert kinds["basicAuth"]["required"] == ["userName"]
    password = kinds["basicAuth"]["properties"]["password"]
    assert (password["type"], password["sensitive"], password["confirm"]) == ("string", True, True)


def test_a_single_integration_ignores_paging(content: Content) -> None:
    """CX as Code always sends paging to GET and PATCH of one integration."""
    query = urlencode({"pageSize": 100, "pageNumber": 1})
    assert taken(content.http.get(f"{API}/{content.integrations[0]}?{query}"))["name"] == "delta"
    patched = content.http.patch(
        f"{API}/{content.integrations[0]}?pageSize=25", json={"intendedState": "DISABLED"}
    )
    assert taken(patched)["intendedState"] == "DISABLED"
