import pytest

from themes.places import Places, names_among
from themes.terms import is_word

PLACES = Places(["Oost", "Indische Buurt", "IJburg"], is_word=is_word)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Meer bankjes in de Indische Buurt", "Meer bankjes in de |"),
        ("meer bankjes in de indische  buurt", "meer bankjes in de |"),
        ("Groen in Oost en op IJburg", "Groen in | en op |"),
        ("Bomen langs de Scheldeplein", "Bomen langs de |"),
        ("Schoolplein vergroenen", "Schoolplein vergroenen"),
        ("Feest in Oosterhout", "Feest in Oosterhout"),
        ("IJburg", "IJburg"),
        ("", ""),
    ],
)
def test_place_names_leave_a_gap(text: str, masked: str) -> None:
    assert PLACES.mask(text) == masked


def test_without_a_list_only_streets_are_masked() -> None:
    assert Places(is_word=is_word).mask("Drempels in de Almstraat in Oost") == "Drempels in de | in Oost"


def test_a_name_is_always_capitalised_and_in_no_dictionary() -> None:
    texts = ["Zwemmen in de Sloterplas", "Rond de Sloterplas wandelen", "Een Festival in de zomer", "Wandelen"]

    assert names_among(texts, is_word=is_word) == {"sloterplas"}
