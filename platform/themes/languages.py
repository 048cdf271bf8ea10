"""In which language an idea is written; short texts lean on what the other ideas are written in."""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

SPOKEN = ("nl", "en", "de", "fr", "es", "ca", "pl", "it", "pt", "tr", "ar", "ro", "uk")
READ = 200  # characters are enough to know a language by
UNSURE = 0.02  # no language counts for less than this before the text itself is read


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(SPOKEN)
    return identifier


def detect(texts: Sequence[str], expected: str = "nl") -> list[str]:
    """A code of two letters for each text.

    "Little Free Pantry" alone could be anything; among six hundred Dutch titles it takes many English words to be
    English. Two rounds: the first counts the languages, the second weighs each text with those counts.
    """
    if not texts:
        return []
    chances = np.zeros((len(texts), len(SPOKEN)))
    for row, text in enumerate(texts):
        ranked = dict(_identifier().rank(text[:READ]))
        chances[row] = [ranked.get(code, 0.0) for code in SPOKEN]
    before = np.full(len(SPOKEN), UNSURE)
    before[SPOKEN.index(expected)] += 1.0
    weighed = chances
    for _ in range(2):
        weighed = chances * (before / before.sum())
        weighed = weighed / np.maximum(weighed.sum(axis=1, keepdims=True), 1e-12)
        before = weighed.mean(axis=0) + UNSURE
    return [SPOKEN[column] for column in weighed.argmax(axis=1)]
