"""Integration types, credential types, routes, permissions and limits: data in JSON files, and its loader.

A new integration type is a file here (or in the folder given with `--catalog`), not a module.
"""

from jackfield.catalog.contents import Catalog as Catalog
from jackfield.catalog.contents import Limit as Limit
from jackfield.catalog.contents import Permission as Permission
from jackfield.catalog.contents import QueryParameter as QueryParameter
from jackfield.catalog.contents import Route as Route
from jackfield.catalog.loader import load_catalog as load_catalog
