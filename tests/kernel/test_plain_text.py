import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernel.plain_text import cleaned, cleaned_name
from tests.hostile.corpus import LANGUAGES, corpus

AWKWARD = st.text(
    st.sampled_from("ae1 \n\u0301\u0316\u05b0\u064e\u094d\u200b\u200c\u200d\u200e\u200f\ufe0f\U000e0100\u202e\x00")
    | st.sampled_from("א\u0645क葛ᠠ👩🔥ก❤\u2028")
    | st.characters()
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_is_kept_exactly_as_it_was_typed(language: str) -> None:
    typed = LANGUAGES[language]

    assert cleaned(typed) == unicodedata.normalize("NFC", typed)
    assert cleaned_name(typed).replace("\u200b", "") == " ".join(cleaned(typed).split()).translate(
        dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c"))
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("be\u200bstu\u2060ur\xad", "bestuur"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("\u202e\u200b\u200d", ""),
        ("\u3164\u2800\ufe0f", ""),
        ("\u0301los", "los"),
        ("e\u0301\u0301\u0301\u0301\u0301", "é\u0301\u0301\u0301"),
        ("ส" + "็" * 40, "ส" + "็" * 6),
        ("x\U000e0061\U000e0062", "x"),
        ("\U0001f3f4\U000e0061\U000e007f", "\U0001f3f4"),
        ("a\ud800b\x00c\uffff", "abc"),
        ("\uf0b7 bankje\ue000", "• bankje"),
        ("v\ufe0fe\u200dr", "ver"),
        ("een\x0ctwee\u2028drie\x85vier\r\nvijf", "een\ntwee\ndrie\nvier\nvijf"),
        ("plat\u200f tekst", "plat tekst"),
        ("שלום\u200f tekst", "שלום\u200f tekst"),
        ("e\u200b\u0301", "é"),
        ("ﬁ ĳ ½ ™", "ﬁ ĳ ½ ™"),
    ],
)
def test_what_nobody_sees_goes_out(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept


def test_a_name_has_nothing_unseen_in_it_but_what_joins_its_letters() -> None:
    assert cleaned_name(" Jan\u200b \n de\u200fVries\u200d ") == "Jan deVries"
    assert cleaned_name("שלום\u200f") == "שלום"
    assert cleaned_name("علی\u200cرضا") == "علی\u200cرضا"


@settings(max_examples=300, deadline=None)
@given(AWKWARD)
@example("क\u0301\u200d\u0301\u200d")
@example("\u0344" * 9 + "a\u0345\ufb1f\u0958")
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    once = cleaned(typed)

    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    once.encode()


@pytest.mark.parametrize(
    "piece",
    [
        "\u0301\u0316",
        "\ufe0f\u200d",
        "\u064e\u200d",
        "\u200f\u05d0",
        "👩\u200d",
        " \u0301",
        "\u0344",
        "\u2028",
        "\u200b",
        "é\x00",
        "\u05b0\u0301",
    ],
)
def test_the_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Putting ten thousand accents in order takes the library a second, and a hundred thousand minutes."""
    text = "e" + piece * (100_000 // len(piece))
    began = time.process_time()

    cleaned(text)

    assert time.process_time() - began < 2


def test_every_text_of_the_corpus_is_clean_at_once() -> None:
    assert [one for one in corpus() if cleaned(cleaned(one)) != cleaned(one)] == []
