"""Findings about the shape of request bodies."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade, Severity

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="BODY_NOT_OBJECT",
        title="Body is not an object",
        cause="The whole body is an array, a string or another value; often an object was serialized twice.",
        message="The body must be one JSON object: the {owner}.",
        accepted="{example}",
        fix="Send {example}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="BODY_NOT_ARRAY",
        title="Body is not an array",
        cause="The route takes a list, and one entry of it, or something else, was sent alone.",
        message="The body must be one JSON array: the {owner}.",
        accepted="{example}",
        fix="Send {example}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="BODY_WRAPPED",
        title="SDK calling form sent as body",
        cause='The JavaScript SDK takes its arguments as `{"body": …}`; over HTTP the body stands alone.',
        message="The {owner} is wrapped in a member `{name}`: that is how the JavaScript SDK is called, not what"
        " goes over HTTP.",
        accepted="The object inside `{name}`, without the wrapper.",
        fix="Send the inner object as the body.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="BODY_IN_A_LIST",
        title="Object in a list",
        cause="PowerShell and some serializers make a list of a single object.",
        message="The {owner} stands in a list; it must stand alone.",
        accepted="The object, without [ and ] around it.",
        fix="Send the object itself.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="BODY_ENCODED_TWICE",
        title="Body serialized twice",
        cause="The object was turned into JSON, and that text into JSON again: JSON.stringify before a client"
        " that does it too, or json.dumps together with `json=`.",
        message="The body is a JSON string that contains JSON: the {owner} was serialized twice.",
        accepted="The object itself.",
        fix="Hand the object to the client and let it serialize, or send your text as it is.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="MEMBER_ENCODED_TWICE",
        title="Object serialized into a string",
        cause="The inner object was turned into JSON text before the whole was.",
        message="`{name}` is a string that contains JSON; it must be the object itself.",
        accepted="An object.",
        fix="Do not serialize `{name}` on its own; serialize the whole body once.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="MEMBER_TYPE_NAME",
        title="A type's name instead of an object",
        cause="The serializer stopped at its depth limit (PowerShell's ConvertTo-Json stops at 2 levels), or an"
        " object was joined to a text.",
        message="`{name}` is what a program prints for an object that it did not serialize.",
        accepted="The object itself.",
        fix="Serialize all levels: ConvertTo-Json -Depth 20 in PowerShell, JSON.stringify in JavaScript,"
        " json.dumps in Python.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="MEMBER_PLACEHOLDER",
        title="Placeholder that nobody filled in",
        cause="An example was copied, or a variable of the tool was not set, so its placeholder was sent.",
        message="`{name}` still holds a placeholder.",
        accepted="The real value.",
        fix="Put the real value in the placeholder's place; in Postman, choose the environment that sets it.",
        grade=Grade.INFERRED,
        severity=Severity.WARNING,
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
        message="`{name}` is no member of the {owner}; it is ignored.{hint}",
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
