"""Every letter has a subject, a text and an HTML body."""

import pytest

from tests.house.tree import TEMPLATES

LETTERS = sorted(path.name for path in (TEMPLATES / "emails").iterdir() if path.is_dir())


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_has_its_three_files(letter: str) -> None:
    files = {path.name for path in (TEMPLATES / "emails" / letter).iterdir()}
    assert files == {"subject.txt", "body.txt", "body.html"}


def test_there_are_letters() -> None:
    assert LETTERS
