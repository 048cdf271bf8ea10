"""Ideas → rows that can be compared: what each is about, in which words, how it is spelled."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from themes import features, languages, terms
from themes.features import Embedder, Vectors
from themes.findings import Text
from themes.labels import Vocabulary
from themes.places import GAP, Places, names_among

MEANING, GIST, SPELLING = 0.35, 0.45, 0.2  # what each view of an idea weighs in the graph


@dataclass(frozen=True, slots=True)
class Reading:
    """Row i is idea i. `vectors` is meaning and gist side by side, of length 1: distances are measured in it."""

    texts: Sequence[Text]
    vectors: Vectors
    views: Sequence[tuple[Vectors, float]]
    vocabulary: Vocabulary
    embedder: Embedder

    def meaning_of(self, phrases: Sequence[str]) -> Vectors:
        """Phrases as points among the ideas; their common direction is taken out, as it is from the ideas."""
        meanings = self.embedder.embed(phrases)
        if len(phrases) > 2:
            meanings = features.unit(meanings - meanings.mean(axis=0))
        return features.unit(np.hstack([meanings, meanings]))


def vectors_for(
    texts: Sequence[str], *, places: Sequence[str] = (), embedder: Embedder | None = None, expected: str = "nl"
) -> list[bytes]:
    """What to store beside each idea: its meaning as written, its meaning without place names, and its gist.

    Valid for one embedder (name and version) and one list of places. `as_written` takes the first part out again.
    """
    embedder = embedder or features.default_embedder()
    masked = [Places(places, is_word=terms.is_word).mask(features.clean(text)) for text in texts]
    spoken = languages.detect(texts, expected)
    themed = _themed(masked, spoken, embedder)
    written = themed[:, : embedder.dim].copy()
    other = [row for row, text in enumerate(texts) if masked[row] != features.clean(text)]
    if other:
        written[other] = embedder.embed([texts[row] for row in other])
    return features.to_bytes(np.hstack([written, themed]))


def as_written(vector: bytes) -> Vectors:
    """The part of a stored vector that still knows the places: for the search for similar ideas."""
    whole = np.frombuffer(vector, dtype=features.STORED)
    return whole[: len(whole) // 3].astype(np.float32)


def read(
    texts: Sequence[Text], *, places: Sequence[str] = (), embedder: Embedder | None = None, expected: str = "nl"
) -> Reading:
    """Read the ideas; vectors that were stored are not made again."""
    embedder = embedder or features.default_embedder()
    spoken = languages.detect([text.words for text in texts], expected)
    gazetteer = Places(places, is_word=terms.is_word)
    masked = [gazetteer.mask(features.clean(text.words)) for text in texts]
    names = names_among(masked, is_word=terms.is_word)
    words = [terms.words_of(text, language, names) for text, language in zip(masked, spoken, strict=True)]
    both = _stored_or_made(texts, masked, spoken, embedder)
    meaning = features.centred(both[:, : embedder.dim], spoken)
    gist = features.centred(both[:, embedder.dim :], spoken)
    telling = [" ".join(word.surface for word in idea if word.is_telling) for idea in words]
    return Reading(
        texts=texts,
        vectors=features.unit(np.hstack([meaning, gist])),
        views=((meaning, MEANING), (gist, GIST), (features.lexical(telling, spoken), SPELLING)),
        vocabulary=Vocabulary(words, spoken),
        embedder=embedder,
    )


def _stored_or_made(texts: Sequence[Text], masked: Sequence[str], spoken: Sequence[str], embedder: Embedder) -> Vectors:
    themed = np.zeros((len(texts), 2 * embedder.dim), dtype=np.float32)
    missing = []
    for row, text in enumerate(texts):
        if text.vector is not None and len(text.vector) == 3 * embedder.dim * features.STORED.itemsize:
            themed[row] = np.frombuffer(text.vector, dtype=features.STORED)[embedder.dim :]
        else:  # never embedded, or by another model
            missing.append(row)
    if missing:
        themed[missing] = _themed([masked[row] for row in missing], [spoken[row] for row in missing], embedder)
    return themed


def _themed(masked: Sequence[str], spoken: Sequence[str], embedder: Embedder) -> Vectors:
    """Meaning and gist, both without place names: otherwise "Oost" becomes a theme."""
    gists = [terms.gist(text, language) for text, language in zip(masked, spoken, strict=True)]
    return np.hstack([embedder.embed([text.replace(GAP, " ") for text in masked]), embedder.embed(gists)])
