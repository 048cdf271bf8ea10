import pytest

from kernel.look_alikes import skeleton


@pytest.mark.parametrize(
    "spelled",
    [
        "moderator",
        "Moderator",
        "M0derator",
        "Моdегаtог",
        "ＭＯＤＥＲＡＴＯＲ",
        "Μοderatοr",
        "Módërätôr",
        "🅼🅾🅳🅴🆁🅰🆃🅾🆁",
        "rnoderator",
    ],
)
def test_what_looks_the_same_is_the_same(spelled: str) -> None:
    assert skeleton(spelled) == skeleton("moderator")


def test_words_stay_apart() -> None:
    assert skeleton("Jan de  Vries!") == "jan de vries"
    assert skeleton("علی") == ""
