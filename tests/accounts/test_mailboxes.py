"""One form for all spellings of a mailbox: what is one person, and what must stay two."""

import pytest

from accounts import people
from accounts.people import is_same_spelling, mailbox_of
from kernel.db import WriteSession
from tests.moments import NOON


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        ("mo@waterveen.example", "mo@waterveen.example"),
        ("Mo@Waterveen.Example", "mo@waterveen.example"),
        ("mo+klankbord@waterveen.example", "mo@waterveen.example"),
        ("mo+a+b@waterveen.example", "mo@waterveen.example"),
        (" mo@waterveen.example ", "mo@waterveen.example"),
        ("mo@waterveen.example.", "mo@waterveen.example"),
        ("m.o@waterveen.example", "m.o@waterveen.example"),
        ("m.o@gmail.com", "mo@gmail.com"),
        ("M.o+x@GoogleMail.com", "mo@gmail.com"),
        ("m.o@gmail.com.", "mo@gmail.com"),
        ("m.o@notgmail.com", "m.o@notgmail.com"),
        ("mo@müller.example", "mo@xn--mller-kva.example"),
        ("mo@MÜLLER.example", "mo@xn--mller-kva.example"),
        ("mo@mu\u0308ller.example", "mo@xn--mller-kva.example"),
        ("mo@XN--MLLER-KVA.example", "mo@xn--mller-kva.example"),
        ("mo@xn--mller-kva.example.", "mo@xn--mller-kva.example"),
        ("+mo@waterveen.example", "+mo@waterveen.example"),
        ("+jan@waterveen.example", "+jan@waterveen.example"),
        ("mo-klankbord@waterveen.example", "mo-klankbord@waterveen.example"),
    ],
)
def test_spellings_fold_to_one_mailbox(typed: str, mailbox: str) -> None:
    assert mailbox_of(typed) == mailbox
    assert mailbox_of(mailbox) == mailbox


def test_what_only_looks_alike_stays_two() -> None:
    cyrillic = "mo@w\u0430terveen.example"

    assert mailbox_of(cyrillic) != mailbox_of("mo@waterveen.example")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mo@waterveen.example", "Mo@Waterveen.example", True),
        ("mo@müller.example", "mo@xn--mller-kva.example", True),
        ("mo@waterveen.example", "mo+x@waterveen.example", False),
        ("m.o@gmail.com", "mo@gmail.com", False),
    ],
)
def test_a_link_proves_a_spelling_and_not_a_mailbox(one: str, other: str, same: bool) -> None:
    assert is_same_spelling(one, other) is same


async def test_one_mailbox_is_one_person_and_keeps_its_first_spelling(tx: WriteSession) -> None:
    first = await people.meet(tx, email="Jan.Jansen@gmail.com", now=NOON)

    again = [
        await people.meet(tx, email=email, now=NOON)
        for email in ("janjansen@gmail.com", "jan.jansen+panel@googlemail.com", "JANJANSEN@GMAIL.COM")
    ]

    assert {one.id for one in again} == {first.id}
    assert first.email == "Jan.Jansen@gmail.com"
