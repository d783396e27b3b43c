"""Step 4: what the credential does to the request.

`basicAuth` becomes an Authorization header on every request; `userDefined` acts only through
`${credentials.name}` in templates; without a credential nothing happens. `userDefinedOAuth` and
`pureCloudOAuthClient` take a login, which is `engine.logins`.
"""

from __future__ import annotations

from binascii import b2a_base64

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import NotImplementedHere
from jackfield.engine.logins import CUSTOM_LOGIN, PLATFORM_ENGINE
from jackfield.engine.passage import Passage

# What these types do to a request takes no time.
_AT_ONCE = frozenset({"basicAuth", "userDefined"})


def waits_for_login(engine: str, credential_type: str | None) -> bool:
    """Tell if runs with a credential of this type, None for none, may have to wait for a login."""
    return engine == PLATFORM_ENGINE or (credential_type is not None and credential_type not in _AT_ONCE)


def authenticate(passage: Passage) -> bool:
    """Step 4: derive the Authorization header, if the credential's type has one.

    Returns:
        True if there has to be a login, which takes time.

    Raises:
        NotImplementedHere: credentials of this type are stored but not applied.
    """
    run = passage.run
    if run.engine == PLATFORM_ENGINE:
        return True
    credentials = run.credentials
    if credentials is None or credentials.type_name == "userDefined":
        return run.given is not None
    if credentials.type_name == "basicAuth":
        passage.authorization = _basic(credentials)
        return False
    if credentials.type_name == CUSTOM_LOGIN:
        # The auth action itself sees the credentials, as all others do; nothing is logged in before it.
        return not run.action.is_login
    raise NotImplementedHere(found("CREDENTIAL_TYPE_NOT_EXECUTED", type_name=credentials.type_name))


def _basic(credentials: CredentialValues) -> str:
    fields = credentials.fields
    user, password = fields.get("userName"), fields.get("password")
    # RFC 7617 with charset UTF-8; the password is optional.
    pair = f"{user.reveal() if user else ''}:{password.reveal() if password else ''}"
    return f"Basic {b2a_base64(pair.encode(), newline=False).decode()}"
