"""The configuration of an action as one JSON text of our own.

Written with ASCII escapes only, so that templates may hold any character: NUL, lone surrogates, anything.
"""

from __future__ import annotations

import json

from jackfield.domain.action import ActionConfig, RequestConfig, ResponseConfig


def write_config(config: ActionConfig) -> str:
    """Return the text of a configuration; member names are ours, not those of the wire."""
    request, response = config.request, config.response
    return json.dumps(
        {
            "url_template": request.url_template,
            "request_type": request.request_type,
            "headers": dict(request.headers),
            "template": request.template,
            "translation_map": dict(response.translation_map),
            "translation_map_defaults": dict(response.translation_map_defaults),
            "success_template": response.success_template,
            "timeout_seconds": config.timeout_seconds,
        },
        separators=(",", ":"),
    )


def read_config(text: str) -> ActionConfig:
    """Return the configuration of a text that `write_config` wrote."""
    stored = json.loads(text)
    return ActionConfig(
        request=RequestConfig(
            url_template=stored["url_template"],
            request_type=stored["request_type"],
            headers=stored["headers"],
            template=stored["template"],
        ),
        response=ResponseConfig(
            translation_map=stored["translation_map"],
            translation_map_defaults=stored["translation_map_defaults"],
            success_template=stored["success_template"],
        ),
        timeout_seconds=stored["timeout_seconds"],
    )
