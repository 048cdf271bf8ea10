"""Texts → the words and phrases that can name a theme: one for each lemma, without stop words and place names."""

import functools
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

LANGUAGES = ("nl", "en", "de", "fr", "pl", "ca", "es")
COMPOUNDING = ("nl", "de")
LONGEST = 3  # words in a phrase

# Words every idea may hold, whatever it is about. Lemmas; a resident asks "a new place for the people of our street".
_DOMAIN = {
    "nl": "idee voorstel plan project initiatief buurt wijk gemeente stad stadsdeel dorp budget buurtbudget begroting "
    "bewoner inwoner burger mens persoon mensen iedereen maken komen zorgen geven gaan zien vinden denken willen "
    "krijgen staan zetten plaatsen realiseren starten organiseren aanleggen aanleg gebruiken bieden creëren helpen "
    "nieuw goed beter mooi groot klein extra lekker fijn oud meer plek plaats ruimte jaar dag week maand keer "
    "uur tijd manier stuk deel soort ding zaak graag langs rondom vanuit naast allerlei elkaar eigen binnen buiten "
    "door wereld leven omgeving rond noord oost zuid west centrum leuk kans hallo samenwerken projecten actief "
    "speciaal open vrij samen editie pilot hal huis straat onze",
    "en": "idea proposal plan project city neighbourhood neighborhood town community people resident citizen make "
    "create new good better great more need want like should would could also year day time way thing lot place "
    "think believe many much",
    "de": "idee vorschlag projekt stadt gemeinde viertel bürger bürgerin mensch person neu gut mehr sollen müssen "
    "können machen geben jahr tag zeit viel österreich",
    "fr": "idée projet proposition ville quartier commune habitant citoyen créer faire mettre place aménager nouveau "
    "bon plus an jour",
    "es": "idea propuesta proyecto ciudad barrio distrito vecino ciudadano persona hacer crear nuevo bueno más año "
    "día barcelona fomentar promover potenciar",
    "ca": "idea proposta projecte ciutat barri districte veí veïna ciutadà persona fer crear nou bo més any dia "
    "barcelona fomentar promoure potenciar nous noves els les dels amb per que una",
    "pl": "pomysł projekt miasto osiedle dzielnica mieszkaniec człowiek nowy dobry zrobić rok dzień budowa",
}
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|[.,;:!?()\[\]/|–—…\"“”]")
_ELISION = re.compile(r"^(?:[ldsnmtjc]|qu)'")  # l'economia, d'une


@dataclass(frozen=True, slots=True)
class Word:
    """`lemma` is empty where a phrase must break: at punctuation and at a masked name."""

    surface: str
    lemma: str
    is_telling: bool


BREAK = Word("", "", False)


@functools.cache
def stop_words(language: str) -> frozenset[str]:
    import stopwordsiso

    known = stopwordsiso.stopwords(language) if stopwordsiso.has_lang(language) else set()
    return frozenset(known) | frozenset(_DOMAIN.get(language, "").split())


@functools.lru_cache(maxsize=200_000)
def lemma_of(word: str, language: str) -> str:
    if language not in LANGUAGES:  # a dictionary takes a second to load; a handful of ideas is not worth it
        return word
    import simplemma

    return simplemma.lemmatize(word, lang=language).lower()


@functools.lru_cache(maxsize=200_000)
def is_word(word: str, language: str = "nl") -> bool:
    """Is it in the dictionary of this language? Of a language without a dictionary every word is."""
    if language not in LANGUAGES:
        return True
    import simplemma

    return simplemma.is_known(word, lang=language)


def parts_of(word: str, language: str, known: Container[str]) -> tuple[str, ...]:
    """The lemmas inside a Dutch or German compound, as far as other ideas use them: "buurtmoestuin" → "moestuin".

    What stands in the dictionary is a word of its own: a "speeltuin" is not a garden, and "transport" no sport.
    """
    if language not in COMPOUNDING or len(word) < 7 or is_word(word, language):
        return ()
    found: list[str] = []
    for cut in range(3, len(word) - 2):
        head, tail = word[:cut].removesuffix("-"), word[cut:]
        # The s and the n between the parts belong to neither: eendracht-s-park, plante-n-bak.
        bare = next(
            (one for one in (head, head.removesuffix("s"), head.removesuffix("n")) if is_word(one, language)), ""
        )
        if len(bare) >= 3 and is_word(tail, language):
            found += [lemma_of(bare, language), lemma_of(tail, language)]
    return tuple(dict.fromkeys(part for part in found if len(part) > 3 and part in known))


def words_of(text: str, language: str, names: frozenset[str] = frozenset()) -> list[Word]:
    """The words in order. A name counts as a break: "bankjes | Javaplein" must not become one phrase."""
    found = []
    for match in _TOKEN.finditer(text):
        written = match.group()
        if not written[0].isalpha() or written.lower() in names:
            found.append(BREAK)
        elif text[match.end() : match.end() + 2] in ("- ", "-"):  # "speel- en sportplek": no word by itself
            found.append(replace(_word(written.lower(), language), is_telling=False))
        else:
            found.append(_word(written.lower(), language))
    return found


@functools.lru_cache(maxsize=400_000)
def _word(written: str, language: str) -> Word:
    surface = _ELISION.sub("", written.replace("’", "'"))
    lemma = lemma_of(surface, language)
    stops = stop_words("nl") | stop_words(language)
    return Word(surface, lemma, len(surface) > 2 and surface not in stops and lemma not in stops)


def gist(text: str, language: str) -> str:
    """The telling words alone, in their order: what is left of an idea when politeness and grammar are gone."""
    kept = " ".join(word.surface for word in words_of(text, language) if word.is_telling)
    return kept or text


def phrases(words: Sequence[Word]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Phrases of one to three words as (lemmas, as written); they begin and end with a telling word."""
    for start, first in enumerate(words):
        if not first.is_telling:
            continue
        yield (first.lemma,), first.surface
        for end in range(start + 1, min(start + LONGEST, len(words))):
            if not words[end].lemma:
                break
            if words[end].is_telling:
                run = words[start : end + 1]
                yield tuple(word.lemma for word in run), " ".join(word.surface for word in run)
