import pytest

from tests.themes.ideas import ALL, texts
from themes.findings import Text
from themes.reading import vectors_for
from themes.similar import SimilarIndex


@pytest.fixture(scope="module")
def index() -> SimilarIndex:
    return SimilarIndex(texts(*ALL))


@pytest.mark.parametrize(
    "typed",
    [
        "Losse tegels op het fietspad vervangen",
        "losse tegels fietspad",
        "Lose tegles op het fietspad vervangen",
        "vervang de losse tegels van het fietspad",
        "Replace the loose tiles of the cycle path",
    ],
)
def test_an_idea_is_found_by_its_words_and_by_its_meaning(index: SimilarIndex, typed: str) -> None:
    assert [ALL[one.id - 1] for one in index.nearest(typed, most=1)] == ["Losse tegels op het fietspad vervangen"]


def test_spelling_alone_finds_the_beginning_of_an_idea(index: SimilarIndex) -> None:
    [best] = index.nearest("Computerles voor oud", most=1, by_meaning=False)

    assert ALL[best.id - 1] == "Computerles voor ouderen in de bibliotheek"


def test_the_same_words_score_one_and_the_rest_follows_in_order(index: SimilarIndex) -> None:
    scores = [one.score for one in index.nearest(ALL[0], most=5)]

    assert scores[0] == pytest.approx(1.0, abs=0.01)
    assert scores == sorted(scores, reverse=True)


def test_nothing_typed_finds_nothing(index: SimilarIndex) -> None:
    assert [index.nearest(""), index.nearest("  ?! "), SimilarIndex().nearest("bankjes")] == [[], [], []]


def test_what_is_too_far_off_is_not_shown(index: SimilarIndex) -> None:
    assert index.nearest("Belasting op buitenlandse aandelen", at_least=0.6) == []


def test_the_place_is_the_difference() -> None:
    index = SimilarIndex(texts("Bankjes op het Waalplein", "Bankjes op het Maasplein", "Bankjes op het Rijnplein"))

    assert index.nearest("bankjes Maasplein", most=1)[0].id == 2


def test_an_idea_comes_changes_and_goes() -> None:
    index = SimilarIndex(texts("Meer bankjes", "Minder auto's"))
    index.add([Text(1, "Een zwembad")])
    index.remove(2)
    index.remove(99)

    assert (len(index), 1 in index, 2 in index) == (1, True, False)
    assert [one.id for one in index.nearest("een zwembad of bankjes of auto's")] == [1]


def test_stored_vectors_serve_as_well(index: SimilarIndex) -> None:
    stored = [Text(at + 1, words, vector) for at, (words, vector) in enumerate(zip(ALL, vectors_for(ALL), strict=True))]

    again = SimilarIndex(stored).nearest("samen eten met bejaarden")

    assert [one.id for one in again] == [one.id for one in index.nearest("samen eten met bejaarden")]


def test_the_index_grows_beyond_its_first_room() -> None:
    index = SimilarIndex(Text(at, f"Idee nummer {at} over bomen", None) for at in range(1100))

    assert index.nearest("Idee nummer 1099 over bomen", most=1)[0].id == 1099
