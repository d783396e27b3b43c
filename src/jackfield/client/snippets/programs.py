"""Programs that log in and read something: Python, JavaScript, curl."""

from __future__ import annotations

import json
import shlex
from typing import Final

from jackfield.client.snippets.target import ID_VARIABLE, SECRET_VARIABLE, File, Target

TYPES: Final = "/api/v2/integrations/types"
_TOKEN: Final = r's/.*"access_token" *: *"\([^"]*\)".*/\1/p'


def python(target: Target) -> tuple[File, ...]:
    """Return a program for the official Python SDK; its `host` is the API's address."""
    client_id = json.dumps(target.client_id) if target.client_id else f'os.environ["{ID_VARIABLE}"]'
    secret = json.dumps(target.secret.reveal()) if target.secret else f'os.environ["{SECRET_VARIABLE}"]'
    reads = "import os\n\n" if "os.environ" in client_id + secret else ""
    text = f"""{reads}import PureCloudPlatformClientV2 as sdk

client = sdk.ApiClient(host={json.dumps(target.addresses.api)})
client.get_client_credentials_token(
    {client_id},
    {secret},
)
integrations = sdk.IntegrationsApi(client)
for kind in integrations.get_integrations_types(page_size=100).entities:
    print(kind.id)
"""
    return (File("connect.py", text, "pip install PureCloudPlatformClientV2, then: python connect.py"),)


def javascript(target: Target) -> tuple[File, ...]:
    """Return a program for the JavaScript SDK in Node; only its gateway leads away from the cloud."""
    client_id = json.dumps(target.client_id) if target.client_id else f"process.env.{ID_VARIABLE}"
    secret = json.dumps(target.secret.reveal()) if target.secret else f"process.env.{SECRET_VARIABLE}"
    text = f"""const platformClient = require("purecloud-platform-client-v2");

async function main() {{
  const client = platformClient.ApiClient.instance;
  {_environment(target)}
  await client.loginClientCredentialsGrant(
    {client_id},
    {secret},
  );
  const integrations = new platformClient.IntegrationsApi();
  const types = await integrations.getIntegrationsTypes({{ pageSize: 100 }});
  for (const kind of types.entities) console.log(kind.id);
}}

main().catch((error) => {{
  console.error(error);
  process.exitCode = 1;
}});
"""
    note = "npm install purecloud-platform-client-v2, then: node connect.js"
    return (File("connect.js", text, note),)


def curl(target: Target) -> tuple[File, ...]:
    """Return lines for a POSIX shell."""
    user = shlex.quote(target.client_id) if target.client_id else f'"${ID_VARIABLE}"'
    secret = shlex.quote(target.secret.reveal()) if target.secret else f'"${SECRET_VARIABLE}"'
    login, api = (shlex.quote(url) for url in (target.addresses.login, target.addresses.api))
    text = f"""CLIENT={user}:{secret}
TOKEN=$(printf 'Authorization: Basic %s\\n' "$(printf %s "$CLIENT" | base64 | tr -d '\\n')" |
  curl --silent --show-error --header @- --data grant_type=client_credentials {login}/oauth/token |
  sed -n {shlex.quote(_TOKEN)})
printf 'Authorization: Bearer %s\\n' "$TOKEN" |
  curl --silent --show-error --fail --header @- {api}{TYPES}
"""
    return (File("connect.sh", text, "Paste it into a shell. The secret never becomes an argument of curl."),)


def _environment(target: Target) -> str:
    if target.domain:
        return f"client.setEnvironment({json.dumps(target.domain)});"
    gateway = target.gateway
    members = f'host: {json.dumps(gateway.host)}, protocol: "{gateway.protocol}", port: {gateway.port}'
    if gateway.path:
        path = json.dumps(gateway.path)
        members += f", path_params_login: {path}, path_params_api: {path}"
    return f"client.setGateway({{ {members} }});"
