"""Loads the catalog: the files beside this module, and a folder of the operator's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from jackfield.catalog.contents import Catalog, Limit, Permission, Route
from jackfield.catalog.document import Document, Fault, read_document
from jackfield.catalog.table_files import (
    read_limits,
    read_permissions,
    read_routes,
)
from jackfield.catalog.type_files import (
    check_schemas,
    check_slot_types,
    read_credential_type,
    read_integration_type,
)
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place

T = TypeVar("T")

SHIPPED = Path(__file__).parent
TYPE_FOLDERS = ("integration_types", "credential_types")


def load_catalog(extra: Path | None = None) -> Catalog:
    """Load the catalog that is shipped, and add or override types from a folder.

    A file of the folder replaces the shipped type of the same id or name as a whole. The added files are
    checked in full, schemas too; the shipped ones in form only (the tests check their schemas).

    Args:
        extra: folder with `integration_types/<id>.json` and `credential_types/<name>.json`; either may be
            absent.

    Raises:
        OperationRefused: something is wrong with a file; carries every fault that was found.
    """
    faults: list[Fault] = []
    integrations = _read_folder(SHIPPED, "integration_types", read_integration_type, faults)
    credentials = _read_folder(SHIPPED, "credential_types", read_credential_type, faults)
    if extra is not None:
        _check_layout(extra, faults)
        added = _read_folder(extra, "integration_types", read_integration_type, faults)
        for document, _ in added.values():
            check_schemas(document)
        integrations |= added
        credentials |= _read_folder(extra, "credential_types", read_credential_type, faults)
    for document, integration_type in integrations.values():
        check_slot_types(document, integration_type, credentials)
    tables = _read_tables(faults)
    if faults:
        first, *others = (_finding(fault) for fault in faults)
        raise OperationRefused(first, *others)
    return Catalog(
        integration_types=MappingProxyType({key: value for key, (_, value) in sorted(integrations.items())}),
        credential_types=MappingProxyType({key: value for key, (_, value) in sorted(credentials.items())}),
        routes=tables[0],
        limit_table=tables[1],
        permission_table=tables[2],
    )


def _read_folder(
    root: Path, folder: str, read: Callable[[Document, str], T], faults: list[Fault]
) -> dict[str, tuple[Document, T]]:
    types = {}
    for path in sorted((root / folder).glob("*.json")):
        shown = f"{folder}/{path.name}" if root is SHIPPED else str(path)
        document = read_document(path, shown, faults)
        if document is not None:
            types[path.stem] = (document, read(document, path.stem))
    return types


def _read_tables(faults: list[Fault]) -> tuple[tuple[Route, ...], tuple[Limit, ...], tuple[Permission, ...]]:
    routes = _read_table("routes.json", read_routes, faults)
    limits = _read_table("limits.json", read_limits, faults)
    permissions = _read_table("permissions.json", read_permissions, faults)
    return routes, limits, permissions


def _read_table(name: str, read: Callable[[Document], tuple[T, ...]], faults: list[Fault]) -> tuple[T, ...]:
    document = read_document(SHIPPED / name, name, faults)
    return read(document) if document is not None else ()


def _check_layout(extra: Path, faults: list[Fault]) -> None:
    accepted = "a folder with " + " and ".join(f"{name}/*.json" for name in TYPE_FOLDERS)
    if not extra.is_dir():
        faults.append(Fault(str(extra), "", "is no folder" if extra.exists() else "does not exist", accepted))
        return
    if not any((extra / name).is_dir() for name in TYPE_FOLDERS):
        problem = "has neither integration_types nor credential_types in it"
        faults.append(Fault(str(extra), "", problem, accepted))
    for path in sorted(extra.glob("*.json")):
        faults.append(Fault(str(path), "", "is outside the folders that are read", accepted))


def _finding(fault: Fault) -> Finding:
    return found(
        "CATALOG_INVALID",
        Place(pointer=fault.pointer),
        file=fault.file,
        where=f": `{fault.pointer}`" if fault.pointer else "",
        problem=fault.problem,
        accepted=fault.accepted,
    )
