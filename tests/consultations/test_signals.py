"""What is pointed out in a text, and what is left alone."""

import time

import pytest
from click.testing import CliRunner

from consultations.signals import (
    CAUSES,
    HOLDS,
    INFORMS,
    KIND_NAMES,
    MASKS,
    OMISSION_NAMES,
    Cause,
    Kind,
    Omission,
    findings,
)
from consultations.signals.likeness import SAME, keys_of, overlap
from klankbord.cli import main
from klankbord.commands.signals import precision, reckoned


def pointed_at(text: str) -> list[tuple[Kind, str]]:
    return [(one.kind, text[one.start : one.end]) for one in findings(text)]


FOUND = [
    ("Mijn bsn is 111222333.", [(Kind.BSN, "111222333")]),
    ("Nummer 1234.56.782 is van mij", [(Kind.BSN, "1234.56.782")]),
    ("Nummer 1 2 3 4 5 6 7 8 2 is van mij", [(Kind.BSN, "1 2 3 4 5 6 7 8 2")]),
    ("Nummer １２３４５６７８２ is van mij", [(Kind.BSN, "１２３４５６７８２")]),
    ("BSN 12345678, met een tikfout", [(Kind.BSN, "12345678")]),
    ("Maak het over naar nl91 abna 0417 1643 00 graag", [(Kind.IBAN, "nl91 abna 0417 1643 00")]),
    ("Of naar BE71 0961 2345 6769.", [(Kind.IBAN, "BE71 0961 2345 6769")]),
    ("Bel 06 – 1234 5678 of (020) 123 45 67", [(Kind.PHONE, "06 – 1234 5678"), (Kind.PHONE, "(020) 123 45 67")]),
    ("Bel +31(0)6 12.34.56.78", [(Kind.PHONE, "+31(0)6 12.34.56.78")]),
    ("Bel me op +49 30 1234 5678", [(Kind.PHONE, "+49 30 1234 5678")]),
    ("Mijn telefoonnummer is 123 45 67", [(Kind.PHONE, "123 45 67")]),
    ("Mail j.de-vries+wijk@mail.example.nl.", [(Kind.EMAIL, "j.de-vries+wijk@mail.example.nl")]),
    ("Mail jan apenstaartje example punt nl", [(Kind.EMAIL, "jan apenstaartje example punt nl")]),
    ("Die auto met 12-abc-3 staat er altijd", [(Kind.PLATE, "12-abc-3")]),
    ("Een busje, kenteken AB1234", [(Kind.PLATE, "AB1234")]),
    ("Op Laan van Nieuw Oost-Indië 12-III", [(Kind.ADDRESS, "Laan van Nieuw Oost-Indië 12-III")]),
    ("Ik woon op Lange Voorhout 8", [(Kind.ADDRESS, "Lange Voorhout 8")]),
    ("Het is in 1234 AB.", [(Kind.ADDRESS, "1234 AB")]),
    ("Mijn buurvrouw heeft al jaren diabetes.", [(Kind.SPECIAL, "Mijn buurvrouw heeft al jaren diabetes")]),
    ("Volgens mij is die buurman een salafist", [(Kind.SPECIAL, "die buurman een salafist")]),
    ("Stelletje idioten", [(Kind.INSULT, "idioten")]),
    ("Wat een 1d10000ten", [(Kind.INSULT, "1d10000ten")]),
    ("k l o o t z a k", [(Kind.INSULT, "k l o o t z a k")]),
    ("kankerlijers!", [(Kind.INSULT, "kankerlijers!")]),
    ("Rot op naar je eigen land", [(Kind.INSULT, "Rot op naar je eigen land")]),
    ("Jullie moeten gewoon allemaal dood", [(Kind.INSULT, "moeten gewoon allemaal dood")]),
    ("Dit is DE STOMSTE WEG VAN HET LAND hier", [(Kind.SHOUTING, "DE STOMSTE WEG VAN HET LAND")]),
    ("Wanneer dan????", [(Kind.SHOUTING, "????")]),
    ("Zie https://bit.ly/3xyz", [(Kind.LINKS, "https://bit.ly/3xyz")]),
    ("Klik hier: www.voorbeeld.nl", [(Kind.LINKS, "Klik hier"), (Kind.LINKS, "www.voorbeeld.nl")]),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_it_is_found_with_the_words_that_caused_it(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert pointed_at(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mijn ordernummer is 123456782.",
        "Het kost € 123.456.782 in totaal.",
        "Er kwamen 123456782 bezoekers, zei de folder.",
        "Van 01-02-2025 10.30 uur af.",
        "Bel gratis 0800-1351, of 14 020.",
        "Buslijn 12 en lijn 24 rijden niet meer.",
        "In de Kerkstraat 30 km per uur, en op de Dorpsweg 12 bomen erbij.",
        "In 2024 EN 2025 was het op de Stationsweg 2025 al zo.",
        "De weg is 37 meter breed en 16783 meter lang.",
        "Het kankeronderzoek en de kankerpatiënten verdienen steun.",
        "Mijn nicht verzamelt eikels, en in de sloot zat een kwal.",
        "De moskee en de kerk werken samen.",
        "De NS en de GGD en de VNG en het OV",
        "Zie https://www.voorbeeld.nl/plan voor de plannen.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert pointed_at(text) == []


def test_another_language_is_told_and_keeps_nobody_waiting() -> None:
    [one] = findings("I think that there should be more benches in the park, please, for the elderly.")
    assert (one.kind, Kind.LANGUAGE in HOLDS, set(Kind) - HOLDS) == (Kind.LANGUAGE, False, set(INFORMS))


def test_every_kind_and_every_cause_says_what_it_is_and_all_that_is_left_out_its_mark() -> None:
    assert (set(KIND_NAMES), set(CAUSES)) == (set(Kind), set(Cause))
    assert (set(MASKS), set(OMISSION_NAMES)) == (set(Omission), set(Omission))


def test_of_five_thousand_identifiers_in_many_spellings_every_one_is_found_and_nothing_of_clean_texts() -> None:
    there, found, wrong = reckoned(5_100, seed=11, cleans=500)
    assert found == there
    assert sum(there.values()) == 5_100
    assert [kind for kind in Kind if there[kind] and precision(found[kind], wrong[kind]) < 0.9] == []


def test_the_table_is_printed_by_a_command() -> None:
    told = CliRunner().invoke(main, ["signals", "measure", "--number", "60"])
    assert (told.exit_code, told.output.splitlines()[1].split()) == (
        0,
        ["burgerservicenummer", "10", "10", "0", "1.0000", "1.0000"],
    )


@pytest.mark.parametrize("piece", ["1 ", "06-", "a@", "kanker", "NL91 ", "ik ", "1234 ", "A-"])
def test_a_text_of_the_longest_kind_is_read_in_no_time(piece: str) -> None:
    text = (piece * 2_000)[:8_000]
    began = time.process_time()
    findings(text)
    assert time.process_time() - began < 1.0


def test_a_text_sent_twice_is_alike_and_another_one_on_the_same_subject_is_not() -> None:
    words = (
        "Zet meer bankjes in het park bij de vijver, want veel ouderen kunnen daar nu niet rusten als zij wandelen. "
    )
    again = words.replace("want veel", "want heel veel").upper()
    other = (
        "Bij de vijver in het park moeten meer bankjes komen voor wie niet zo ver kan lopen, bijvoorbeeld mijn moeder."
    )
    assert overlap(words * 2, words) > SAME
    assert overlap(words, again) > SAME > overlap(words, other)
    assert set(keys_of(words)) & set(keys_of(again))
    assert keys_of("?!") == ()
