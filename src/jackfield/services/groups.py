"""Groups of users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jackfield.domain.catalogue import found
from jackfield.domain.directory import Group
from jackfield.domain.errors import NotFound, VersionConflict
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller, User
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.rules.groups import check_group, check_group_search, check_new_members
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted
from jackfield.services.roles import require_known


class GroupService:
    """What can be done with groups.

    Args:
        store: for reads.
        mutations: the way to change them.
    """

    def __init__(self, store: Store, mutations: Mutations, clock: Clock, ids: Ids) -> None:
        self._store, self._mutations, self._clock, self._ids = store, mutations, clock, ids

    async def list(self, caller: Caller, ids: Sequence[str], window: PageRequest) -> Page[Group]:
        """Return one page of groups; `ids` narrows it, none for all."""
        return await self._store.read(
            lambda transaction: transaction.directory.groups_page(caller.organization_id, ids, window)
        )

    async def get(self, caller: Caller, group_id: str) -> Group:
        """Return one group.

        Raises:
            NotFound: there is no such group.
        """
        return await self._store.read(lambda transaction: _existing(transaction, caller, group_id))

    async def search(self, caller: Caller, body: Reading) -> Outcome[Page[Group]]:
        """Return one page of the groups whose names meet the conditions.

        Raises:
            Refused: the body is no search, or one that is not done here.
        """
        wanted = accepted(check_group_search(body, strict=caller.strict))
        page = await self._store.read(
            lambda transaction: transaction.directory.search_groups(
                caller.organization_id, wanted.value.criteria, wanted.value.window
            )
        )
        return Outcome(page, wanted.warnings)

    async def create(self, caller: Caller, body: Reading) -> Outcome[Group]:
        """Store a new group without members.

        Raises:
            Refused: the body is no group, or an owner is no user.
        """
        wanted = accepted(check_group(body, strict=caller.strict))

        def work(change: Change) -> Outcome[Group]:
            now, written = self._clock.now(), wanted.value
            _require_users(change.transaction, caller, written.owner_ids)
            group = Group(
                id=self._ids.uuid(),
                organization_id=caller.organization_id,
                name=written.name,
                description=written.description,
                kind=written.kind,
                visibility=written.visibility,
                rules_visible=written.rules_visible,
                version=1,
                created=now,
                modified=now,
                owner_ids=written.owner_ids,
            )
            change.transaction.directory.add_group(group)
            change.record("group.create", group.id, None, _state(group))
            return Outcome(group, wanted.warnings)

        return await self._mutations.run(caller, work)

    async def delete(self, caller: Caller, group_id: str) -> None:
        """Delete a group; its members stay users.

        Raises:
            NotFound: there is no such group.
        """

        def work(change: Change) -> None:
            old = _existing(change.transaction, caller, group_id)
            change.transaction.directory.remove_group(caller.organization_id, group_id)
            change.record("group.delete", group_id, _state(old), None)

        await self._mutations.run(caller, work)

    async def members(self, caller: Caller, group_id: str, window: PageRequest) -> Page[User]:
        """Return one page of a group's members, in the order in which they were added.

        Raises:
            NotFound: there is no such group.
        """

        def work(transaction: Transaction) -> Page[User]:
            group = _existing(transaction, caller, group_id)
            ids = group.member_ids[window.offset : window.offset + window.size]
            users = transaction.directory.users(caller.organization_id, ids)
            return Page(users, window.number, window.size, len(group.member_ids))

        return await self._store.read(work)

    async def add_members(self, caller: Caller, group_id: str, body: Reading) -> Outcome[None]:
        """Add users to a group; those that are in it already stay where they are.

        Raises:
            NotFound: there is no such group.
            VersionConflict: the version is not the group's.
            Refused: the body is wrong, or one of the ids is no user.
        """
        wanted = accepted(check_new_members(body, strict=caller.strict))

        def work(change: Change) -> Outcome[None]:
            old = _existing(change.transaction, caller, group_id)
            if wanted.value.version != old.version:
                sent = wanted.value.version
                raise VersionConflict(found("VERSION_MOVED", Place("/version"), noun="group", sent=sent))
            _require_users(change.transaction, caller, wanted.value.member_ids)
            members = tuple(dict.fromkeys((*old.member_ids, *wanted.value.member_ids)))
            self._store_members(change, old, members)
            return Outcome(None, wanted.warnings)

        return await self._mutations.run(caller, work)

    async def remove_members(self, caller: Caller, group_id: str, ids: Sequence[str]) -> None:
        """Take users out of a group; ids of others are ignored.

        Raises:
            NotFound: there is no such group.
        """

        def work(change: Change) -> None:
            old = _existing(change.transaction, caller, group_id)
            self._store_members(change, old, tuple(one for one in old.member_ids if one not in ids))

        await self._mutations.run(caller, work)

    def _store_members(self, change: Change, old: Group, members: tuple[str, ...]) -> None:
        if members == old.member_ids:
            return
        new = replace(old, member_ids=members, version=old.version + 1, modified=self._clock.now())
        if not change.transaction.directory.replace_group(new, expected_version=old.version):
            raise VersionConflict(found("VERSION_MOVED", noun="group", sent=old.version))
        change.record("group.members", old.id, _state(old), _state(new))


def _existing(transaction: Transaction, caller: Caller, group_id: str) -> Group:
    group = transaction.directory.group(caller.organization_id, group_id)
    if group is None:
        raise NotFound(found("GROUP_NOT_FOUND", Place("path/groupId"), seen=group_id, entity_id=group_id))
    return group


def _require_users(transaction: Transaction, caller: Caller, ids: Sequence[str]) -> None:
    known = transaction.directory.users(caller.organization_id, ids) if ids else ()
    require_known(ids, [user.id for user in known])


def _state(group: Group) -> dict[str, object]:
    return {"name": group.name, "version": group.version, "members": list(group.member_ids)}
