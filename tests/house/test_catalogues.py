"""Every text stands in every catalogue, and its translation has the same gaps to fill."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message

from kernel.i18n import DEFAULT_LANGUAGE, LANGUAGES
from klankbord import messages

TRANSLATED = [code for code, _ in LANGUAGES if code != DEFAULT_LANGUAGE]
GAPS = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}|</?[a-z]+|\n")


def forms(text: object) -> tuple[str, ...]:
    """A message's texts: one, or singular and plural."""
    return tuple(text) if isinstance(text, (list, tuple)) else (str(text or ""),)


def gaps(texts: tuple[str, ...]) -> list[Counter[str]]:
    """What has to be filled in or kept, in each of the forms."""
    return [Counter(GAPS.findall(text)) for text in texts]


def entries(language: str) -> list[Message]:
    """The messages of a catalogue, without its heading."""
    return [message for message in messages.read_catalogue(language) if message.id]


@pytest.fixture(scope="module")
def texts() -> Catalog:
    """The texts that stand in templates and code now."""
    return messages.texts()


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES])
def test_the_catalogue_holds_exactly_the_texts_of_the_house(language: str, texts: Catalog) -> None:
    stands = messages.catalogue_path(language).read_bytes() == messages.written(language, texts)

    assert stands, "run `make fix` and translate what is new"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    assert [message.id for message in entries(language) if not all(forms(message.string)) or message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_gaps_and_tags_of_the_text(language: str) -> None:
    other = [
        message.id
        for message in entries(language)
        if any(forms(message.string)) and gaps(forms(message.string)) != gaps(forms(message.id))
    ]
    assert other == []
