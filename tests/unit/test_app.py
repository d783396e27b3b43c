"""The composition root: ids, clock, data directories."""

from __future__ import annotations

from pathlib import Path
from uuid import RFC_4122, UUID

from jackfield.app import SystemClock, SystemIds, data_directory
from jackfield.settings import ServerSettings


def test_a_seed_repeats_ids_but_not_tokens() -> None:
    """Two generators with one seed give the same UUIDs; their tokens differ."""
    first, second = SystemIds(seed=7), SystemIds(seed=7)
    assert [first.uuid() for _ in range(5)] == [second.uuid() for _ in range(5)]
    assert first.token(16) != second.token(16)
    assert SystemIds().uuid() != SystemIds().uuid()


def test_ids_are_random_uuids() -> None:
    """All are of version 4, in the usual form, and no two are alike, however many are drawn at once."""
    ids = SystemIds()
    drawn = [ids.uuid() for _ in range(300)]
    read = [UUID(one) for one in drawn]
    assert [str(one) for one in read] == drawn
    assert {(one.version, one.variant) for one in read} == {(4, RFC_4122)}
    assert len(set(drawn)) == 300
    # Every digit that is free takes all values.
    assert all(len({one.hex[place] for one in read}) == 16 for place in range(32) if place not in (12, 16))
    assert {one.hex[16] for one in read} == set("89ab")


def test_a_seeded_sequence_goes_on_after_a_restart() -> None:
    """On a database that holds changes, the sequence does not begin anew, and is repeatable all the same."""
    first, second, third = SystemIds(seed=7), SystemIds(seed=7), SystemIds(seed=7)
    third.move_on(0)
    assert first.uuid() == third.uuid()
    first.move_on(12)
    second.move_on(12)
    after = second.uuid()
    assert first.uuid() == after
    assert after != SystemIds(seed=7).uuid()


def test_the_clock_knows_its_zone() -> None:
    """Times carry UTC."""
    assert str(SystemClock().now().tzinfo) == "UTC"


def test_an_ephemeral_directory_is_removed() -> None:
    """With `--ephemeral` nothing is left behind."""
    with data_directory(ServerSettings(ephemeral=True)) as settings:
        folder = settings.data_dir
        assert folder.is_dir()
        (folder / "x").write_text("x")
    assert not folder.exists()


def test_a_new_data_directory_is_private(tmp_path: Path) -> None:
    """Only its owner may enter the data directory."""
    with data_directory(ServerSettings(data_dir=tmp_path / "a" / "b")) as settings:
        assert settings.data_dir.stat().st_mode & 0o077 == 0
