"""How each type of integration is tested here: what of it is executed, simulated, or only validated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jackfield.domain.finding import Grade
from jackfield.workbench.documents import ActionDocument

WEB_SERVICES: Final = "custom-rest-actions"
PLATFORM: Final = "purecloud-data-actions"


class Means(StrEnum):
    """What happens to a part of a run on the bench.

    EXECUTED as the server does it; SIMULATED with values that are made up; VALIDATED in form only.
    """

    EXECUTED = "executed"
    SIMULATED = "simulated"
    VALIDATED = "validated"


@dataclass(frozen=True, slots=True)
class Treatment:
    """How actions of one type of integration with one type of credential are tested.

    Args:
        integration_type: id.
        credential_type: "" for none.
        authentication: what happens in step 4.
        request: what happens in steps 5 to 8.
        words: what to know about it.
        address: what relative URLs begin with; "" where URLs are absolute.
        invokes: the URL template names a function, which is invoked at the address.
        native: the engine does all of it by itself.
        grade: how well the form of the address is known.
    """

    integration_type: str
    credential_type: str
    authentication: Means
    request: Means
    words: str
    address: str = ""
    invokes: bool = False
    native: bool = False
    grade: Grade = Grade.DOCUMENTED


# API bodies do not name the type. The paths are those of the vendors' own APIs.
_BY_URL: Final = (
    ("/api/v2/", PLATFORM),
    ("/services/", "salesforce-datadip"),
    ("/api/data/", "microsoft-dynamics-data-actions"),
    ("arn:", "aws-lambda-data-actions"),
)
_FUNCTIONS: Final = "http://127.0.0.1:3001/2015-03-31/functions/"
"""Where `sam local start-lambda` and compatible emulators are invoked."""

TREATMENTS: Final = (
    Treatment(
        WEB_SERVICES, "", Means.EXECUTED, Means.EXECUTED, "nothing is added to the request", native=True
    ),
    Treatment(
        WEB_SERVICES,
        "basicAuth",
        Means.EXECUTED,
        Means.EXECUTED,
        "the Authorization header is made from user name and password",
        native=True,
    ),
    Treatment(
        WEB_SERVICES,
        "userDefined",
        Means.EXECUTED,
        Means.EXECUTED,
        "templates see `credentials`",
        native=True,
    ),
    Treatment(
        WEB_SERVICES,
        "userDefinedOAuth",
        Means.EXECUTED,
        Means.EXECUTED,
        "the login action is run first and its result is `authResponse`; made up if there is no login action",
    ),
    Treatment(
        PLATFORM,
        "pureCloudOAuthClient",
        Means.EXECUTED,
        Means.EXECUTED,
        "a token is fetched with `--platform URL`; made up otherwise",
        "https://api.mypurecloud.com",
    ),
    Treatment(
        "salesforce-datadip",
        "salesforce",
        Means.SIMULATED,
        Means.EXECUTED,
        "token and instance are made up",
        "https://instance.my.salesforce.com",
        grade=Grade.INFERRED,
    ),
    Treatment(
        "microsoft-dynamics-data-actions",
        "userDefined",
        Means.SIMULATED,
        Means.EXECUTED,
        "token and organization are made up",
        "https://organization.api.crm.dynamics.com",
        grade=Grade.INFERRED,
    ),
    Treatment(
        "zendesk-data-actions",
        "userDefined",
        Means.SIMULATED,
        Means.EXECUTED,
        "token and subdomain are made up",
        "https://subdomain.zendesk.com",
        grade=Grade.INFERRED,
    ),
    Treatment(
        "aws-lambda-data-actions",
        "amazonWebServicesARN",
        Means.VALIDATED,
        Means.SIMULATED,
        "the function is invoked at a local address, or at `--platform URL`; no role is assumed",
        _FUNCTIONS,
        invokes=True,
        grade=Grade.ASSUMED,
    ),
    Treatment(
        "function-data-actions",
        "userDefined",
        Means.VALIDATED,
        Means.SIMULATED,
        "the function is invoked at a local address, or at `--platform URL`; templates see `credentials`",
        _FUNCTIONS,
        invokes=True,
        grade=Grade.ASSUMED,
    ),
    Treatment(
        "google-data-actions",
        "userDefined",
        Means.VALIDATED,
        Means.SIMULATED,
        "the function is invoked at a local address, or at `--platform URL`; no identity token is made",
        _FUNCTIONS,
        invokes=True,
        grade=Grade.ASSUMED,
    ),
)


def integration_type_of(document: ActionDocument) -> str:
    """Return the type of an action's integration; where the form does not say it, the URL tells it."""
    if document.integration_type:
        return document.integration_type
    url = document.config.request.url_template.lstrip()
    return next((kind for start, kind in _BY_URL if url.startswith(start)), WEB_SERVICES)


def treatment_of(integration_type: str, credential_type: str) -> Treatment:
    """Return how an action is treated; one whose type of integration is not known as a web service.

    Args:
        integration_type: id.
        credential_type: of the credentials given, "" without any.
    """
    rows = [row for row in TREATMENTS if row.integration_type == integration_type]
    named = [row for row in rows if row.credential_type == credential_type]
    return next(iter(named or rows), TREATMENTS[0])
