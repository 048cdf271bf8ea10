"""Groups → names of up to three terms, examples, and for each idea why it stands where it stands."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from themes.features import Vectors
from themes.terms import Word, parts_of, phrases

Term = tuple[str, ...]  # lemmas

CANDIDATES = 24  # per group, before meaning is asked
PRIOR = 8.0  # ideas of doubt in the log-odds: a term in 2 of 2 ideas proves little
TERMS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    term: Term
    written: str
    ideas: frozenset[int]
    odds: float


@dataclass(frozen=True, slots=True)
class Name:
    """`terms` name the group; `candidates` are all phrases that set it apart, most telling first."""

    terms: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]


class Vocabulary:
    """All phrases of all ideas: in which ideas each occurs, and how it is mostly written."""

    def __init__(self, words: Sequence[Sequence[Word]], languages: Sequence[str]) -> None:
        self.size = len(words)
        self._written: dict[Term, Counter[str]] = defaultdict(Counter)
        found: list[set[Term]] = []
        for idea in words:
            found.append(set())
            for term, surface in phrases(idea):
                found[-1].add(term)
                self._written[term][surface] += 1
        known = {term[0] for term in self._written if len(term) == 1}
        for terms, language in zip(found, languages, strict=True):
            single = [term[0] for term in terms if len(term) == 1]
            terms.update((part,) for word in single for part in parts_of(word, language, known))
        self.terms_of = [frozenset(terms) for terms in found]
        self.ideas: dict[Term, set[int]] = defaultdict(set)
        for row, terms in enumerate(found):
            for term in terms:
                self.ideas[term].add(row)

    def written(self, term: Term) -> str:
        """As most people write it; of two equally common spellings the first in the alphabet."""
        spellings = self._written[term]
        best = min(spellings.items(), key=lambda spelling: (-spelling[1], spelling[0]))[0]
        plain = " ".join(term)
        is_adjective = best == plain + "e" and plain in spellings  # groene → groen, but kinderen
        is_verb = len(term) == 1 and plain.endswith("en") and len(best) <= len(plain) and not best.endswith("en")
        return plain if is_adjective or is_verb else best  # speel, beweegt → spelen, bewegen

    def candidates(self, rows: frozenset[int]) -> list[Candidate]:
        """The phrases that set these ideas apart, most telling first."""
        fewest = 3 if len(rows) >= 25 else 2 if len(rows) >= 4 else 1
        here = Counter(term for row in rows for term in self.terms_of[row])
        found = []
        for term, count in here.items():
            if count < fewest:
                continue
            odds = self._odds(count, len(rows), len(self.ideas[term]))
            if odds > 0 or len(rows) == self.size:
                found.append((odds, term, count))
        found.sort(key=lambda one: (-one[0], -one[2], one[1]))
        best = _whole_phrases({term: count for _, term, count in found}, [term for _, term, _ in found])
        odds_of = {term: odds for odds, term, _ in found}
        return [
            Candidate(term, self.written(term), frozenset(self.ideas[term] & rows), odds_of[term])
            for term in best[:CANDIDATES]
        ]

    def _odds(self, here: int, size: int, everywhere: int) -> float:
        """Log-odds of the term inside against outside, in standard errors, with the overall share as prior."""
        share = everywhere / self.size
        there, rest = everywhere - here, self.size - size
        inside = math.log((here + PRIOR * share) / (size - here + PRIOR * (1 - share) + 1e-9))
        outside = math.log((there + PRIOR * share) / (rest - there + PRIOR * (1 - share) + 1e-9))
        error = math.sqrt(1 / (here + PRIOR * share) + 1 / (there + PRIOR * share))
        return (inside - outside) / error


def _whole_phrases(counts: Mapping[Term, int], ranked: Sequence[Term]) -> list[Term]:
    """Drop "festival" where it almost always stands in "film festival", and the phrase where it hardly does."""
    longer: dict[Term, int] = defaultdict(int)  # the commonest phrase that holds this one
    shorter: dict[Term, int] = defaultdict(int)  # the commonest word or phrase inside this one
    for term, count in counts.items():
        for part in {term[at:end] for at in range(len(term)) for end in range(at + 1, len(term) + 1)} - {term}:
            if part in counts:
                longer[part] = max(longer[part], count)
                shorter[term] = max(shorter[term], counts[part])
    single = [term for term in ranked[:150] if len(term) == 1]
    for part in single:  # "bak" where it is nearly always "plantenbak"
        compounds = [counts[word] + 1 for word in single if word != part and word[0].endswith(part[0])]
        longer[part] = max([longer[part], *compounds])
    return [term for term in ranked if longer[term] < 0.7 * counts[term] and counts[term] >= 0.4 * shorter[term]]


def name_groups(
    groups: Mapping[int, frozenset[int]],
    *,
    vocabulary: Vocabulary,
    vectors: Vectors,
    embed: Callable[[Sequence[str]], Vectors],
) -> dict[int, Name]:
    """Up to three terms for each group, no term in two groups, no two that say the same."""
    found = {group: vocabulary.candidates(rows) for group, rows in groups.items()}
    spellings = sorted({one.written for several in found.values() for one in several})
    place = {spelling: at for at, spelling in enumerate(spellings)}
    meanings = embed(spellings) if spellings else np.zeros((0, vectors.shape[1]), dtype=np.float32)
    owner: dict[Term, tuple[float, int]] = {}
    for group, several in found.items():
        for one in several:
            owner[one.term] = max(owner.get(one.term, (-1e9, group)), (one.odds, group))
    named = {}
    for group, several in found.items():
        own = [one for one in several if owner[one.term][1] == group] or several
        middle = vectors[sorted(groups[group])].mean(axis=0)
        near = {one.term: float(meanings[place[one.written]] @ middle) for one in own}
        alike = {one.term: meanings[place[one.written]] for one in own}
        chosen = _choose(own, near=near, alike=alike, size=len(groups[group]))
        named[group] = Name(tuple(chosen), tuple(several))
    return named


def _choose(
    several: Sequence[Candidate], *, near: Mapping[Term, float], alike: Mapping[Term, Vectors], size: int
) -> list[Candidate]:
    """Greedy: telling, near the middle, covering ideas the chosen terms do not, and unlike the chosen terms."""
    if not several:
        return []
    strongest = max(max(one.odds for one in several), 1e-6)
    nearest = max(max(near.values()), 1e-6)
    chosen: list[Candidate] = []
    covered: set[int] = set()
    while len(chosen) < TERMS:
        rated = []
        for one in several:
            if chosen and near[one.term] < 0.5 * nearest:
                continue
            if any(one is other or _repeats(one, other) for other in chosen):
                continue
            echo = max((float(alike[one.term] @ alike[other.term]) for other in chosen), default=0.0)
            added = len(one.ideas - covered) / size
            worth = 0.5 * one.odds / strongest + 0.3 * near[one.term] / nearest + 0.8 * added - 0.3 * max(echo, 0.0)
            rated.append((worth, one))
        if not rated:
            break
        worth, best = max(rated, key=lambda pair: (pair[0], pair[1].written))
        if chosen and (worth < 0.15 or best.odds < 0.25 * strongest):
            break
        chosen.append(best)
        covered |= best.ideas
    return chosen


def _repeats(one: Candidate, other: Candidate) -> bool:
    """The same word again: "tuin" after "moestuin", "vergroening" after "vergroenen", "street art" after "art"."""
    return any(_is_same_stem(left, right) for left in one.term for right in other.term)


def _is_same_stem(left: str, right: str) -> bool:
    short, long = sorted((left, right), key=len)
    if short == long or (len(short) >= 4 and short in long):
        return True
    return len(short) >= 5 and long.startswith(short[: max(5, len(short) - 2)])
