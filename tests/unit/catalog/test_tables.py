"""The page about the catalog: its tables are the catalog's, its examples load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jackfield.catalog import Catalog, load_catalog
from jackfield.catalog.tables import type_table, with_tables, write_tables

PAGE = Path(__file__).parents[3] / "docs" / "catalog.md"
EXAMPLE = re.compile(r"<!-- example (\S+) -->\n```json\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The shipped catalog."""
    return load_catalog()


def test_the_page_is_up_to_date(catalog: Catalog) -> None:
    """The page holds the tables of the catalog as it is; `write_tables` brings it up to date."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page, catalog)
    assert all(f"| `{type_id}` |" in page for type_id in catalog.integration_types)


def test_the_examples_load(tmp_path: Path) -> None:
    """The files that the page shows load as they stand."""
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(examples) == 2
    for name, text in examples:
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    catalog = load_catalog(tmp_path)
    assert catalog.integration_types["premium-app-lumen"].slots["lumenAccount"].credential_types == (
        "tokenPair",
        "basicAuth",
    )
    assert catalog.credential_types["tokenPair"].is_sensitive("token")


def test_the_page_names_every_member() -> None:
    """Every member that the shipped files use is explained."""
    page = PAGE.read_text(encoding="utf-8")
    folder = PAGE.parents[1] / "src" / "jackfield" / "catalog"
    for path in (*folder.glob("integration_types/*.json"), *folder.glob("credential_types/*.json")):
        for member in re.findall(r'^  "(\w+)":', path.read_text(encoding="utf-8"), re.MULTILINE):
            assert f"`{member}`" in page


def test_tables_are_written_in_place(tmp_path: Path, catalog: Catalog) -> None:
    """What stands between the marks is replaced, what stands around them stays."""
    names = ("integration types", "credential types", "limits", "permissions")
    page = tmp_path / "page.md"
    marks = "".join(f"<!-- {name} -->\nstale text\n<!-- /{name} -->\n" for name in names)
    page.write_text("before\n" + marks)
    write_tables(page, catalog)
    written = page.read_text(encoding="utf-8")
    assert written.startswith("before\n<!-- integration types -->\n" + type_table(catalog))
    assert "stale text" not in written


def test_a_page_without_marks(catalog: Catalog) -> None:
    """A page that has no place for a table says which."""
    with pytest.raises(ValueError, match="<!-- integration types -->"):
        with_tables("# The catalog\n", catalog)
