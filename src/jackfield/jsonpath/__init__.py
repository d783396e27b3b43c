"""JSONPath with the semantics of Jayway JsonPath (Jackson provider), compiled to closures.

>>> from jackfield.jsonpath import compile_path
>>> compile_path("$.items[?(@.price > 10)].name").read({"items": [{"name": "a", "price": 12}]})
['a']
"""

from jackfield.jsonpath.errors import (
    JsonPathError,
    PathEvaluationError,
    PathLimitExceeded,
    PathNotFound,
    PathSyntaxError,
)
from jackfield.jsonpath.limits import DEFAULT_LIMITS, Limits
from jackfield.jsonpath.path import Path, compile_path

__all__ = [
    "DEFAULT_LIMITS",
    "JsonPathError",
    "Limits",
    "Path",
    "PathEvaluationError",
    "PathLimitExceeded",
    "PathNotFound",
    "PathSyntaxError",
    "compile_path",
]
