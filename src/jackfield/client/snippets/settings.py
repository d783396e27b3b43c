"""Settings of the command line tools of the cloud: Terraform (CX as Code) and gc."""

from __future__ import annotations

import json
import shlex

from jackfield.client.snippets.target import ID_VARIABLE, SECRET_VARIABLE, File, Target


def terraform(target: Target) -> tuple[File, ...]:
    """Return a provider block. A region has to be named; the gateway decides."""
    secret = target.secret.reveal() if target.secret else ""
    settings = {
        "oauthclient_id": target.client_id,
        "oauthclient_secret": secret,
        "aws_region": target.region,
    }
    given = {name: value for name, value in settings.items() if value}
    width = max(map(len, given))
    known = "".join(f"  {name:{width}} = {json.dumps(value)}\n" for name, value in given.items())
    text = f"""terraform {{
  required_providers {{
    genesyscloud = {{
      source = "mypurecloud/genesyscloud"
    }}
  }}
}}

provider "genesyscloud" {{
{known}{_gateway_block(target)}}}
"""
    wanted = {ID_VARIABLE: target.client_id, SECRET_VARIABLE: secret}
    missing = " and ".join(name for name, value in wanted.items() if not value)
    reads = f"Needs {missing} in the environment. " if missing else ""
    return (File("provider.tf", text, f"{reads}Then: terraform init && terraform plan"),)


def gc(target: Target) -> tuple[File, ...]:
    """Return gc's gateway file; for the cloud its variables."""
    if target.domain:
        lines = [f"export GENESYSCLOUD_REGION={target.domain}"]
        lines += [f"export {ID_VARIABLE}={shlex.quote(target.client_id)}"] if target.client_id else []
        lines += [f"export {SECRET_VARIABLE}={shlex.quote(target.secret.reveal())}"] if target.secret else []
        return (File("gc.sh", "\n".join(lines) + "\n", "Paste it into a shell, then: gc users list"),)
    gateway = target.gateway
    value = {
        "host": gateway.host,
        "protocol": gateway.protocol,
        "port": str(gateway.port),
        "pathParams": {"login": gateway.path, "api": gateway.path},
    }
    note = (
        f"gc reads {ID_VARIABLE} and {SECRET_VARIABLE}, or a profile (gc profiles new)."
        " Then: gc gateway --file=gateway.json"
    )
    return (File("gateway.json", json.dumps(value, indent=2) + "\n", note),)


def _gateway_block(target: Target) -> str:
    if target.domain:
        return ""
    gateway = target.gateway
    paths = "".join(
        f"""
    path_params {{
      path_name  = "{name}"
      path_value = {json.dumps(gateway.path)}
    }}
"""
        for name in ("login", "api")
        if gateway.path
    )
    return f"""
  gateway {{
    host     = {json.dumps(gateway.host)}
    port     = "{gateway.port}"
    protocol = "{gateway.protocol}"
{paths}  }}
"""
