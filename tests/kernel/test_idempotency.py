import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel import idempotency
from kernel.db import WriteSession
from kernel.idempotency import Answer, Sending, Sent, SentAgain, SentBefore
from tests.moments import NOON

KEY = "a-key-of-22-characters"
ANSWER = Answer(
    status_code=303,
    headers=[(b"location", b"/receipts/secret"), (b"set-cookie", b"sent=jo@waterveen.example")],
    body=b"Jo kreeg een brief." * 40,
)


def a_sending(**given: object) -> Sending:
    """Somebody sends a form."""
    values = {"scope": "/ideas", "key": KEY, "address": "/ideas", "fields": [("body", "Bankjes")], "person_id": None}
    return Sending(**{**values, **given})  # type: ignore[arg-type]  # any of its fields


async def kept(tx: WriteSession, sending: Sending, *, person_id: int | None = None) -> None:
    await idempotency.keep(tx, sending, ANSWER, person_id=person_id, now=NOON)


async def test_the_same_under_the_same_key_gets_the_first_answer(tx: WriteSession) -> None:
    await idempotency.look_up(tx, a_sending())
    await kept(tx, a_sending())

    with pytest.raises(SentAgain) as again:
        await idempotency.look_up(tx, a_sending())

    assert again.value.answer == ANSWER


async def test_another_route_knows_nothing_of_the_key(tx: WriteSession) -> None:
    await kept(tx, a_sending())
    elsewhere = a_sending(scope="/appeals")

    await idempotency.look_up(tx, elsewhere)

    assert elsewhere.first is None


async def test_something_else_under_the_same_key_is_refused_with_the_place_of_the_first(tx: WriteSession) -> None:
    await kept(tx, a_sending())

    with pytest.raises(SentBefore) as refusal:
        await idempotency.look_up(tx, a_sending(fields=[("body", "Bomen")]))

    assert (refusal.value.place, refusal.value.fields) == ("/receipts/secret", [("body", "Bomen")])


async def test_another_persons_answer_is_told_to_nobody_else(tx: WriteSession) -> None:
    await kept(tx, a_sending(person_id=7), person_id=7)

    for other in (None, 8):
        with pytest.raises(SentBefore) as refusal:
            await idempotency.look_up(tx, a_sending(person_id=other))
        assert refusal.value.place == ""
    with pytest.raises(SentAgain):
        await idempotency.look_up(tx, a_sending(person_id=7))


@pytest.mark.parametrize(
    ("fields", "is_same"),
    [
        ([("tick", "1"), ("tick", "2"), ("body", "x")], True),
        ([("body", "x"), ("tick", "2"), ("tick", "1")], True),
        ([("body", "x"), ("tick", "1")], False),
        ([("body", "x"), ("tick", "1"), ("tick", "2"), ("tick", "2")], False),
        ([("body", "x1"), ("tick", ""), ("tick", "2")], False),
    ],
)
def test_fields_count_in_any_order_and_as_often_as_they_came(fields: list[tuple[str, str]], is_same: bool) -> None:
    first = a_sending(fields=[("tick", "1"), ("tick", "2"), ("body", "x")])

    assert (a_sending(fields=fields).body_sha256 == first.body_sha256) is is_same


def test_the_address_and_what_is_no_form_count_too() -> None:
    hashes = {a_sending().body_sha256, a_sending(address="/ideas?x").body_sha256, a_sending(rest=b"x").body_sha256}

    assert len(hashes) == 3


async def test_whoever_reads_the_table_learns_neither_key_nor_answer(tx: WriteSession) -> None:
    sending = a_sending()
    await kept(tx, sending)

    row = (await tx.scalars(select(Sent))).one()

    values = repr(vars(row))
    for secret in (KEY, "Bankjes", "receipts", "jo@waterveen"):
        assert secret not in values
    other = replace(sending, key="another-key-altogether")
    with pytest.raises(zlib.error):
        _ = replace(other, first=row).first_answer


async def test_equal_answers_do_not_look_equal_in_the_table(tx: WriteSession) -> None:
    await kept(tx, a_sending(scope="/one"))
    await kept(tx, a_sending(scope="/two"))

    first, second = await tx.scalars(select(Sent.answer))

    assert first != second


async def test_the_table_holds_a_key_once_for_each_route(tx: WriteSession) -> None:
    await kept(tx, a_sending())

    with pytest.raises(IntegrityError):
        async with tx.begin_nested():
            await kept(tx, a_sending(fields=[]))


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ((None, KEY), KEY),
        (("from-the-header-1", KEY), "from-the-header-1"),
        (("", KEY), KEY),
        (("too short", KEY), KEY),
        (("x" * 256, None), None),
        (("with a space in it", None), None),
        (("met-é-erin-is-geen", None), None),
        ((["not", "text"], None), None),
    ],
)
def test_a_malformed_key_counts_as_none(given: tuple[object, object], key: str | None) -> None:
    assert idempotency.key_from(*given) == key


def test_a_new_key_is_a_key_and_never_the_same() -> None:
    keys = {idempotency.new_key() for _ in range(1_000)}

    assert len(keys) == 1_000
    assert all(idempotency.key_from(key) == key for key in keys)


async def test_keys_are_forgotten_after_ninety_days(tx: WriteSession) -> None:
    await kept(tx, a_sending())

    assert await idempotency.sweep(tx, now=NOON + timedelta(days=90) - timedelta(seconds=1)) == 0
    assert await idempotency.sweep(tx, now=NOON + timedelta(days=90)) == 1
    await idempotency.look_up(tx, a_sending())  # known no more, so nothing is raised


async def test_what_came_in_at_a_route_with_the_same_form_is_looked_up_along(tx: WriteSession) -> None:
    idempotency.about(tx, "draft:12")
    await kept(tx, a_sending(scope="/drafts"))
    await kept(tx, a_sending(scope="/drafts", key="another-key-of-22-chars"))
    sharing, alone = a_sending(shares=["/drafts"]), a_sending()

    await idempotency.look_up(tx, sharing)
    await idempotency.look_up(tx, alone)

    made = sharing.made("draft")
    assert made is not None
    assert (made.scope, made.subject_id, made.key) == ("/drafts", 12, sharing.key_sha256)
    assert (sharing.first, sharing.made("idea"), alone.made("draft")) == (None, None, None)
