"""Step 4: what the credential does to the request.

`basicAuth` becomes an Authorization header on every request; `userDefined` acts only through
`${credentials.name}` in templates; without a credential nothing happens.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import NotImplementedHere
from jackfield.engine.passage import Passage

Apply = Callable[[CredentialValues], str | None]


def authenticate(passage: Passage) -> None:
    """Step 4: derive the Authorization header, if the credential's type has one.

    Raises:
        NotImplementedHere: credentials of this type are stored but not applied yet.
    """
    credentials = passage.run.credentials
    if credentials is None:
        return
    apply = _APPLIED.get(credentials.type_name)
    if apply is None:
        raise NotImplementedHere(found("CREDENTIAL_TYPE_NOT_EXECUTED", type_name=credentials.type_name))
    passage.authorization = apply(credentials)


def _basic(credentials: CredentialValues) -> str:
    fields = credentials.fields
    user, password = fields.get("userName"), fields.get("password")
    # RFC 7617 with charset UTF-8; the password is optional.
    pair = f"{user.reveal() if user else ''}:{password.reveal() if password else ''}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _nothing(_: CredentialValues) -> None:
    return None


_APPLIED: dict[str, Apply] = {"basicAuth": _basic, "userDefined": _nothing}
