"""The tables of `docs/catalog.md`, made out of the catalog.

`write_tables(path, catalog)` brings the page up to date; a test tells when that is due.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from jackfield.catalog.contents import Catalog
from jackfield.domain.credential import CredentialType
from jackfield.domain.integration import IntegrationType, Slot


def type_table(catalog: Catalog) -> str:
    """Return the Markdown table of integration types."""
    head = ("Type id", "Display name", "Slots: credential types", "Properties", "Instances", "Grade")
    return _table(head, (_type_row(kind) for kind in catalog.integration_types.values()))


def credential_table(catalog: Catalog) -> str:
    """Return the Markdown table of credential types."""
    head = ("Name", "What it is", "Fields (* sensitive)", "Required", "Grade")
    return _table(head, (_credential_row(kind) for kind in catalog.credential_types.values()))


def limit_table(catalog: Catalog) -> str:
    """Return the Markdown table of limits."""
    head = ("Namespace", "Key", "Value", "Meaning", "Grade")
    rows = (
        (limit.namespace, f"`{limit.key}`", f"{limit.value}", limit.meaning, limit.grade.value)
        for limit in catalog.limit_table
    )
    return _table(head, rows)


def permission_table(catalog: Catalog) -> str:
    """Return the Markdown table of permissions."""
    rows = ((f"`{permission.name}`", permission.meaning) for permission in catalog.permission_table)
    return _table(("Permission", "Lets its holder"), rows)


def with_tables(page: str, catalog: Catalog) -> str:
    """Return a page with what stands between `<!-- name -->` and `<!-- /name -->` replaced by that table.

    Raises:
        ValueError: the page lacks one of the marks.
    """
    tables = {
        "integration types": type_table,
        "credential types": credential_table,
        "limits": limit_table,
        "permissions": permission_table,
    }
    for name, make in tables.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, opening, rest = page.partition(begin)
        _, closing, after = rest.partition(end)
        if not opening or not closing:
            raise ValueError(f"the page lacks the marks {begin} and {end}")
        page = f"{before}{begin}\n{make(catalog)}{end}{after}"
    return page


def write_tables(path: Path, catalog: Catalog) -> None:
    """Bring a page's tables up to date."""
    path.write_text(with_tables(path.read_text(encoding="utf-8"), catalog), encoding="utf-8")


def _type_row(kind: IntegrationType) -> Sequence[str]:
    schema = json.loads(kind.properties_schema)
    names = [f"`{name}`" for name in schema.get("properties", {})]
    if schema.get("additionalProperties") is not False:
        names.append("any others")
    return (
        f"`{kind.id}`",
        kind.name,
        "; ".join(_slot(slot) for slot in kind.slots.values()) or "none",
        ", ".join(names) or "none: `{}`",
        str(kind.max_instances or "any"),
        kind.grade.value,
    )


def _slot(slot: Slot) -> str:
    takes = ", ".join(slot.credential_types)
    return f"`{slot.name}`: {takes}{'' if slot.required else ' (optional)'}"


def _credential_row(kind: CredentialType) -> Sequence[str]:
    fields = [f"`{field.name}`{'*' if field.sensitive else ''}" for field in kind.fields]
    if kind.open:
        fields.append("any*")
    required = ", ".join(f"`{name}`" for name in kind.required)
    return f"`{kind.name}`", kind.description, ", ".join(fields), required or "none", kind.grade.value


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)
