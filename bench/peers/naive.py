"""The stack that comes to mind first: FastAPI, jsonschema, airspeed, httpx and jsonpath-ng, used plainly.

Runs in an environment of its own (`requirements/bench.txt`). Arguments: port, upstream's origin, token.
"""

import base64
import hashlib
import json
import sys
import urllib.parse
from typing import Annotated, Any

import airspeed
import httpx
import jsonschema
import uvicorn
from fastapi import Body, FastAPI, Header, HTTPException
from fastapi.responses import Response
from jsonpath_ng.ext import parse

PORT, ORIGIN, TOKEN = int(sys.argv[1]), sys.argv[2], sys.argv[3]
TEXTS = {name: {"type": "string"} for name in ("customerId", "phone", "note")}
INPUT = {"type": "object", "properties": TEXTS, "required": ["customerId"]}
OUTPUT = {"type": "object", "properties": {"name": {"type": "string"}}}
PATHS = {
    "name": parse("$.customer.name"),
    "tier": parse("$.customer.tier"),
    "ids": parse("$.customer.orders[*].id"),
    "note": parse("$.customer.note"),
}
URL = airspeed.Template(ORIGIN + "/customers/$esc.uriEncode(${input.customerId})")
PHONE = airspeed.Template("${input.phone}")
BODY = airspeed.Template(
    '{"note": "$esc.jsonEncode(${input.note})"#if("$!{input.phone}" != ""), "phone": "${input.phone}"#end}'
)
SUCCESS = airspeed.Template('{"name": ${name}, "tier": ${tier}, "ids": ${ids}, "note": ${note}}')
PERMISSIONS = {hashlib.sha256(TOKEN.encode()).hexdigest(): {"integrations:action:execute"}}

Inputs = Annotated[dict[str, Any], Body()]
Authorization = Annotated[str, Header()]
app = FastAPI()
client = httpx.AsyncClient()


class Escape:
    """The escape tool of the templates."""

    def uriEncode(self, text: str) -> str:
        """Return the text for a URL."""
        return urllib.parse.quote(text, safe="")

    def jsonEncode(self, text: str) -> str:
        """Return the text for inside a JSON string."""
        return json.dumps(text)[1:-1]


@app.post("/execute")
async def execute(inputs: Inputs, authorization: Authorization = "") -> Response:
    """Run the action."""
    token = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()
    if "integrations:action:execute" not in PERMISSIONS.get(token, ()):
        raise HTTPException(401)
    try:
        jsonschema.validate(inputs, INPUT)
    except jsonschema.ValidationError as error:
        raise HTTPException(400, error.message) from None
    context = {"input": inputs, "esc": Escape()}
    headers = {
        "Content-Type": "application/json",
        "X-Phone": PHONE.merge(context),
        "Authorization": "Basic " + base64.b64encode(b"login:password").decode(),
    }
    reply = await client.post(URL.merge(context), content=BODY.merge(context), headers=headers)
    document = reply.raise_for_status().json()
    result = SUCCESS.merge(_translated(document))
    jsonschema.validate(json.loads(result), OUTPUT)
    return Response(result, media_type="application/json")


def _translated(document: Any) -> dict[str, str]:
    variables = {}
    for name, path in PATHS.items():
        found = [match.value for match in path.find(document)]
        if name == "ids":
            variables[name] = json.dumps(found)
        else:
            variables[name] = json.dumps(found[0]) if found else '"none"'
    return variables


uvicorn.run(app, host="127.0.0.1", port=PORT, access_log=False, log_level="error")
