"""Findings about the shape of request bodies."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade, Severity

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="BODY_NOT_OBJECT",
        title="Body is not an object",
        cause="The whole body is an array, a string or another value; often an object was serialized twice.",
        message="The body must be one JSON object, a {owner}.",
        accepted="{example}",
        fix="Send {example}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="BODY_WRAPPED",
        title="SDK calling form sent as body",
        cause='The JavaScript SDK takes its arguments as `{"body": …}`; over HTTP the body stands alone.',
        message="The {owner} is wrapped in a member `body`: that is how the JavaScript SDK is called, not what"
        " goes over HTTP.",
        accepted="The object inside `body`, without the wrapper.",
        fix="Send the inner object as the body.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="MEMBER_MISSING",
        title="Member missing",
        cause="The API description lists the member as required; some SDKs leave out members that are unset.",
        message="The {owner} has no `{name}`.",
        accepted="{example}",
        fix="Add {example}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="MEMBER_WRONG_KIND",
        title="Member of the wrong kind",
        cause="The member holds another kind of JSON value than the API description says.",
        message="`{name}` must be {wanted}, not {kind}.",
        accepted="{wanted}",
        fix="Send {wanted} as `{name}`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="MEMBER_UNKNOWN",
        title="Member that means nothing here",
        cause="The name is mistyped, belongs to another object, or is one that an API version added.",
        message="A {owner} has no member `{name}`; it is ignored.{hint}",
        accepted="A member of the object.",
        fix="Leave `{name}` out, or move it where it belongs.",
        grade=Grade.INFERRED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="TEXT_TOO_LONG",
        title="Text too long",
        cause="The API description limits the length.",
        message="`{name}` is longer than {limit} characters.",
        accepted="At most {limit} characters.",
        fix="Shorten `{name}` to {limit} characters or fewer.",
        grade=Grade.DOCUMENTED,
    ),
)
