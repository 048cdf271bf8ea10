"""What somebody wrote in answer to a letter, without that letter."""

from time import process_time

import pytest

from conversations.quotes import own_words

ANSWERS = {
    "gmail": "Bij de sluis.\n\nOp zo 22 nov 2026 om 13:00 schreef Klankbord <a@b.nl>:\n\n> ##- Boven ##-\n> Waar?\n",
    "gmail over two lines": (
        "Bij de sluis.\n\nOp zo 22 nov 2026 om 13:00 schreef Klankbord\n<antwoord+1.abc@b.nl>:\n\n> Waar?\n"
    ),
    "outlook": "Bij de sluis.\r\n\r\n________________________________\r\nVan: Klankbord\r\nVerzonden: zondag\r\nWaar?",
    "outlook on a phone": "Bij de sluis.\n\nVan: Klankbord <a@b.nl>\nVerzonden: zondag\nAan: mij\n\nWaar?",
    "in English": "Bij de sluis.\n\nOn 22 Nov 2026, at 13:00, Klankbord <a@b.nl> wrote:\n\n> Waar?",
    "in German": "Bij de sluis.\n\nAm 22.11.2026 um 13:00 schrieb Klankbord <a@b.nl>:\n> Waar?",
    "with our mark only": "Bij de sluis.\n\n##- Schrijf uw antwoord boven deze regel ##-\n\nWaar?",
    "with our mark, quoted": "Bij de sluis.\n\n> ##- Schrijf uw antwoord boven deze regel ##-\n> Waar?",
    "from a telephone": "Bij de sluis.\n\nVerstuurd vanaf mijn iPhone\n\n> Op 22 nov schreef Klankbord:\n> Waar?",
    "signed": "Bij de sluis.\n\n-- \nAaltje Bron\nDorpsstraat 1\n",
    "original message": "Bij de sluis.\n\n-----Oorspronkelijk bericht-----\nVan: Klankbord\nWaar?",
    "below": "Op 22 nov 2026 schreef Klankbord <a@b.nl>:\n\n> ##- Schrijf boven ##-\n> Waar?\n\nBij de sluis.\n",
    "between": "> Waar?\n\nBij de sluis.\n\n> En wanneer?\n",
    "alone": "Bij de sluis.",
}


@pytest.mark.parametrize("program", ANSWERS)
def test_an_answer_is_found_without_what_it_answers(program: str) -> None:
    assert own_words(ANSWERS[program]) == "Bij de sluis."


@pytest.mark.parametrize(
    "text",
    ["Op zaterdag kan ik.\n\nVan mij mag het.", "Aan: de sluis\nOp de hoek", "Eerst dit.\n\nDan dat:\n- een\n- twee"],
)
def test_an_answer_that_resembles_a_letter_stays_whole(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize("text", ["", "\n \n", "> Waar?\n> En wanneer?\n", "##- Schrijf boven ##-\nWaar?"])
def test_nothing_written_is_nothing(text: str) -> None:
    assert own_words(text) == ""


@pytest.mark.parametrize("bad", ["> " * 30_000, "Op " * 20_000, "Van: \n" * 10_000, "-" * 60_000, " wrote" * 9_000])
def test_no_text_takes_long(bad: str) -> None:
    began = process_time()
    own_words(bad)
    assert process_time() - began < 1
