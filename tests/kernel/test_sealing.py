"""What is sealed is read again by who has the key and says what it is about, and by nobody else."""

import pytest

from kernel import sealing
from kernel.sealing import Unreadable

SECRET = "0123456789" * 4
KEY = sealing.key_for("second_factor", secret=SECRET)


def test_what_was_sealed_is_opened_as_it_was() -> None:
    assert sealing.opened(sealing.seal("geheim é", key=KEY, about="person:1"), key=KEY, about="person:1") == "geheim é"


def test_the_same_is_sealed_differently_each_time() -> None:
    assert len({sealing.seal("geheim", key=KEY, about="person:1") for _ in range(20)}) == 20


def test_another_secret_another_purpose_another_place_or_a_changed_byte_opens_nothing() -> None:
    sealed = sealing.seal("geheim", key=KEY, about="person:1")
    others = [
        (sealed, sealing.key_for("second_factor", secret=SECRET + "1"), "person:1"),
        (sealed, sealing.key_for("letters", secret=SECRET), "person:1"),
        (sealed, KEY, "person:11"),
        *((sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], KEY, "person:1") for at in range(len(sealed))),
        (b"", KEY, "person:1"),
        (sealed[:5], KEY, "person:1"),
    ]

    for one, key, about in others:
        with pytest.raises(Unreadable):
            sealing.opened(one, key=key, about=about)
