"""Answers kept for repeats."""

from __future__ import annotations

from datetime import timedelta

from jackfield.domain.errors import StoredAnswer
from jackfield.store import SqlStore
from support.stores import NOON, ORGANIZATION, read, write

RESERVED = StoredAnswer("digest", 0, b"")
ANSWER = StoredAnswer("digest", 200, b'{"id":"\x00\xff"}')


def _put(store: SqlStore, answer: StoredAnswer, key: str = "key", hours: int = 0) -> None:
    at = NOON + timedelta(hours=hours)
    write(store, lambda transaction: transaction.idempotency.put(ORGANIZATION, "client", key, answer, at))


def _get(store: SqlStore, key: str = "key", client: str = "client") -> StoredAnswer | None:
    return read(store, lambda transaction: transaction.idempotency.get(ORGANIZATION, client, key))


def test_an_answer_replaces_its_reservation(store: SqlStore) -> None:
    """First the reservation is seen, then the answer, byte for byte."""
    assert _get(store) is None
    _put(store, RESERVED)
    assert _get(store) == RESERVED
    _put(store, ANSWER)
    assert _get(store) == ANSWER


def test_keys_belong_to_their_client(store: SqlStore) -> None:
    """The same key of another client, or in another case, is another key."""
    _put(store, ANSWER)
    assert (_get(store, client="other"), _get(store, key="KEY")) == (None, None)


def test_a_reservation_can_be_forgotten(store: SqlStore) -> None:
    """After that the key is free again; forgetting what is not there is no error."""
    _put(store, RESERVED)
    for _ in range(2):
        write(store, lambda transaction: transaction.idempotency.remove(ORGANIZATION, "client", "key"))
    assert _get(store) is None


def test_old_answers_go(store: SqlStore) -> None:
    """Only what was kept before the given time is forgotten."""
    _put(store, ANSWER, "old")
    _put(store, ANSWER, "new", hours=1)
    cut = NOON + timedelta(hours=1)
    assert write(store, lambda transaction: transaction.idempotency.remove_older(cut)) == 1
    assert (_get(store, "old"), _get(store, "new")) == (None, ANSWER)
