"""Configurations of other clients, ready to be pasted: Python, JavaScript, Terraform, gc, curl, Postman.

How each client is pointed at a server that is not the cloud was read in its own source (Python SDK 269,
JavaScript SDK 262, Terraform provider 1.84, gc's documentation) and tried where it can be run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jackfield.client.snippets.postman import postman
from jackfield.client.snippets.programs import curl, javascript, python
from jackfield.client.snippets.settings import gc, terraform
from jackfield.client.snippets.target import File as File
from jackfield.client.snippets.target import Target as Target

SNIPPETS: Mapping[str, Callable[[Target], tuple[File, ...]]] = MappingProxyType(
    {
        "python": python,
        "js": javascript,
        "terraform": terraform,
        "gc": gc,
        "curl": curl,
        "postman": postman,
    }
)
