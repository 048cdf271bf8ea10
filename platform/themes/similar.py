"""The nearest ideas for a text that somebody is typing.

Spelling finds typos, beginnings and other word orders; meaning finds the same wish in other words or another
language. Places stay in: there the place is the difference.
"""

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from themes import features
from themes.features import Embedder, Vectors
from themes.findings import Likeness, Text
from themes.reading import as_written

MEANING = 0.6  # and the rest for spelling
GROW = 1024
COMMON_FROM, COMMON = 2_000, 0.2  # among many ideas, grams in a fifth of them cost time and tell nothing
_SPACE = re.compile(r"[\W_]+")


def grams(text: str) -> Counter[str]:
    """Runs of three and four characters within words, with the spaces around a word as characters."""
    found: Counter[str] = Counter()
    for word in _SPACE.sub(" ", features.clean(text).casefold()).split():
        padded = f" {word} "
        for length in (3, 4):
            found.update(padded[at : at + length] for at in range(len(padded) - length + 1))
    return found


class SimilarIndex:
    """Ideas by spelling and meaning, in memory: ideas come and go one at a time, no rebuilding."""

    def __init__(self, texts: Iterable[Text] = (), *, embedder: Embedder | None = None) -> None:
        self._embedder = embedder or features.default_embedder()
        self._ids: list[int] = []
        self._row_of: dict[int, int] = {}
        self._rows: dict[str, array[int]] = defaultdict(lambda: array("i"))
        self._weights: dict[str, array[float]] = defaultdict(lambda: array("f"))
        self._lengths: npt.NDArray[np.float32] = np.ones(GROW, dtype=np.float32)
        self._measured_at = 0
        self._alive = np.zeros(GROW, dtype=bool)
        self._vectors: Vectors = np.zeros((GROW, self._embedder.dim), dtype=np.float32)
        self.add(texts)

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, idea_id: object) -> bool:
        return idea_id in self._row_of

    def add(self, texts: Iterable[Text]) -> None:
        """Take these ideas in; one that was there before is replaced."""
        for text, vector in self._with_vectors(list(texts)):
            self.remove(text.id)
            row = len(self._ids)
            if row == len(self._vectors):
                self._vectors = np.vstack([self._vectors, np.zeros_like(self._vectors)])
                self._alive = np.concatenate([self._alive, np.zeros_like(self._alive)])
                self._lengths = np.concatenate([self._lengths, np.ones_like(self._lengths)])
            self._ids.append(text.id)
            self._row_of[text.id] = row
            self._vectors[row] = vector
            self._alive[row] = True
            square = 0.0
            for gram, count in grams(text.words).items():
                self._rows[gram].append(row)
                self._weights[gram].append(1.0 + math.log(count))
                square += ((1.0 + math.log(count)) * self._rarity(gram)) ** 2
            self._lengths[row] = max(square, 1e-9) ** 0.5
        if len(self._ids) > 1.1 * self._measured_at + 50:
            self._measure()

    def remove(self, idea_id: int) -> None:
        """Forget an idea; one that is not there is no error."""
        row = self._row_of.pop(idea_id, None)
        if row is not None:
            self._alive[row] = False
            self._vectors[row] = 0.0  # what it meant goes with it

    def nearest(self, words: str, *, most: int = 5, at_least: float = 0.0, by_meaning: bool = True) -> list[Likeness]:
        """The ideas most like these words, best first. Without `by_meaning` it is quick enough for each keystroke."""
        count = len(self._ids)
        if not self._row_of or not features.has_words(words):
            return []
        scores = self._by_spelling(words)
        if by_meaning:
            meaning = self._vectors[:count] @ self._embedder.embed([words])[0]
            scores = MEANING * np.maximum(meaning, 0.0) + (1 - MEANING) * scores
        scores = np.where(self._alive[:count], np.round(scores, 5), -1.0)
        wanted = min(most, len(self._row_of))
        cut = np.partition(scores, count - wanted)[count - wanted]
        rows = [row for row in np.flatnonzero(scores >= cut).tolist() if scores[row] >= at_least and self._alive[row]]
        rows.sort(key=lambda row: (-scores[row], self._ids[row]))
        return [Likeness(self._ids[row], float(min(scores[row], 1.0))) for row in rows[:most]]

    def _with_vectors(self, texts: list[Text]) -> Iterator[tuple[Text, Vectors]]:
        missing = [text.words for text in texts if not self._fits(text.vector)]
        made = iter(self._embedder.embed(missing))
        for text in texts:
            yield text, as_written(text.vector) if text.vector and self._fits(text.vector) else next(made)

    def _fits(self, vector: bytes | None) -> bool:
        return vector is not None and len(vector) == 3 * self._embedder.dim * features.STORED.itemsize

    def _rarity(self, gram: str) -> float:
        return math.log((1 + len(self._ids)) / (1 + len(self._rows[gram]))) + 1.0

    def _measure(self) -> None:
        """Weigh all ideas anew: how rare a gram is changes as ideas come in, slowly enough to do this now and then."""
        squares = np.zeros(len(self._ids), dtype=np.float64)
        for gram, rows in self._rows.items():
            squares[np.array(rows)] += (np.array(self._weights[gram]) * self._rarity(gram)) ** 2
        self._lengths[: len(squares)] = np.sqrt(np.maximum(squares, 1e-9))
        self._measured_at = len(self._ids)

    def _by_spelling(self, words: str) -> npt.NDArray[np.float32]:
        """The cosine of the gram weights, read from the lists of the grams that were typed."""
        count = len(self._ids)
        scores = np.zeros(count, dtype=np.float32)
        square = 0.0
        for gram, times in grams(words).items():
            rows = self._rows.get(gram)
            rarity = self._rarity(gram) if rows else math.log(1 + count) + 1.0
            weight = (1.0 + math.log(times)) * rarity
            square += weight**2
            if rows and (count < COMMON_FROM or len(rows) < count * COMMON):
                scores[np.array(rows)] += np.array(self._weights[gram]) * np.float32(weight * rarity)
        return np.asarray(scores / (self._lengths[:count] * max(square, 1e-9) ** 0.5), dtype=np.float32)
