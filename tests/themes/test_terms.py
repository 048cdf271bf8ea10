import pytest

from themes.labels import Vocabulary
from themes.languages import detect
from themes.terms import gist, lemma_of, parts_of, phrases, words_of


def test_the_gist_is_what_remains_without_small_words() -> None:
    assert gist("Ik zou graag meer bankjes willen in onze buurt", "nl") == "bankjes"


def test_a_text_of_small_words_is_its_own_gist() -> None:
    assert gist("van ons voor ons", "nl") == "van ons voor ons"


def test_phrases_do_not_run_across_a_comma_or_a_name() -> None:
    words = words_of("Bankjes, bomen Sloterplas vijver", "nl", frozenset({"sloterplas"}))

    assert [written for _, written in phrases(words)] == ["bankjes", "bomen", "vijver"]


def test_half_a_compound_is_no_term() -> None:
    assert [written for _, written in phrases(words_of("speel- en sportplek", "nl"))] == ["sportplek"]


@pytest.mark.parametrize(
    ("word", "parts"),
    [("buurtmoestuin", ("moestuin",)), ("muziekkaravaan", ("muziek",)), ("transport", ()), ("speeltuin", ())],
)
def test_compounds_share_their_parts(word: str, parts: tuple[str, ...]) -> None:
    assert parts_of(word, "nl", {"moestuin", "muziek", "sport", "port", "tuin"}) == parts


def test_inflections_are_one_term_written_as_most_people_do() -> None:
    texts = ["spelende kinderen", "ieder kind", "de kinderen", "groene daken", "een groen dak", "groene gevels"]
    vocabulary = Vocabulary([words_of(text, "nl") for text in texts], ["nl"] * len(texts))

    assert vocabulary.written(("kind",)) == "kinderen"
    assert vocabulary.written(("groen",)) == "groen"
    assert lemma_of("kinderen", "nl") == "kind"


def test_a_short_title_among_dutch_ones_is_taken_for_dutch() -> None:
    titles = ["Samen tuinieren in de wijk", "Een bankje voor iedereen bij de vijver", "Het plein opknappen"] * 10

    assert detect([*titles, "Repair café"])[-1] == "nl"


def test_a_sentence_in_another_language_is_recognised() -> None:
    ideas = ["Samen tuinieren in de wijk en daarna eten"] * 5

    assert detect([*ideas, "We would like to have more trees and benches around the pond"])[-1] == "en"


def test_no_texts_no_languages() -> None:
    assert detect([]) == []
