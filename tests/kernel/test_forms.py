from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kernel import forms

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  een  bankje \r\n bij de sluis ", "een  bankje \n bij de sluis"),
        ("e\u0301e\u0301n", "één"),
        ("abc\x00\u202edef\u2066", "abcdef"),
        ("half \ud83e teken", "half  teken"),
        ("regel\u2028twee\x85", "regel\ntwee"),
        (["eerst", "laatst"], "laatst"),
        ([], ""),
        (None, "None"),
    ],
)
def test_text_is_kept_as_typed_without_what_is_not_text(typed: object, kept: str) -> None:
    assert forms.text({"body": typed}, "body") == kept


def test_a_line_has_no_line_ends_and_single_spaces() -> None:
    assert forms.line({"title": " een \n bankje\t erbij "}, "title") == "een bankje erbij"
    assert forms.line({}, "title") == ""


@pytest.mark.parametrize(
    ("address", "counts"),
    [
        ("jo@waterveen.example", True),
        ("jo.de-vries+panel@mail.waterveen.example", True),
        ("jo", False),
        ("jo@waterveen", False),
        ("jo@waterveen.example, an@waterveen.example", False),
        ("Jo <jo@waterveen.example>", False),
        ("jo@waterveen.example\u000bBcc:an@waterveen.example", False),
        ('"jo"@waterveen.example', False),
        ("jo@" + "a" * 250 + ".example", False),
        ("jo..an@waterveen.example", False),
        ("jo@waterveen..example", False),
        ("jo@" + "a" * 64 + ".example", False),
        ("=?utf-8?q?jo?=@waterveen.example", False),
        ("jo@bücher.example", True),
        ("jo@faß.example", False),
    ],
)
def test_an_address_is_exactly_one_plain_mailbox(address: str, counts: bool) -> None:
    assert forms.is_email(address) is counts


@pytest.mark.parametrize(
    ("date", "time", "instant"),
    [
        ("2026-12-04", "12:00", datetime(2026, 12, 4, 11, tzinfo=UTC)),
        ("2026-07-04", "12:00", datetime(2026, 7, 4, 10, tzinfo=UTC)),
        ("2026-03-29", "02:30", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("2026-10-25", "02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-13-04", "12:00", None),
        ("0001-01-01", "00:00", None),
        ("", "", None),
    ],
)
def test_a_date_and_a_time_are_an_instant_in_the_zone(date: str, time: str, instant: datetime | None) -> None:
    assert forms.local_moment({"due_date": date, "due_time": time}, "due", AMSTERDAM) == instant


def test_a_text_that_is_too_long_says_how_long_it_may_be() -> None:
    class Note(forms.Form):
        body = "x" * 12

    note = Note()
    note.limit("body", 10)
    note.require("body", "never")

    assert note.errors == {"body": "Dit is 12 tekens; er passen er 10. Maak de tekst iets korter."}


def test_a_name_is_one_line_without_anything_unseen() -> None:
    assert forms.name({"name": " Aal\u200btje\n Bron\u202e "}, "name") == "Aaltje Bron"


def test_no_more_of_a_field_is_looked_at_than_any_field_takes() -> None:
    assert len(forms.text({"body": "x" * 900_000}, "body")) == forms.MOST_READ
