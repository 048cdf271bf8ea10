"""What goes into a clustering and what comes out of it.

Plain values without numbers libraries: the web process imports this module, the worker process does the arithmetic.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """One idea as the machine reads it: title and body together.

    `vector` is what `vectors_for` gave for these words; without it they are embedded again.
    """

    id: int
    words: str
    vector: bytes | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an idea stands where it stands, in words a resident can check."""

    shared_terms: tuple[str, ...]
    nearest_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """`fit` is the cosine to the middle of the cluster, `is_fixed` says that a person placed the idea here."""

    id: int
    fit: float
    reason: Reason
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group of ideas; `key` is the theme it continues, None for a new one. Members stand best fit first."""

    key: int | None
    terms: tuple[str, ...]
    representative_ids: tuple[int, ...]
    cohesion: float
    members: tuple[Member, ...]

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(member.id for member in self.members)


class RestReason(StrEnum):
    """Why an idea is in no cluster; shown to the secretary and to the author."""

    NO_WORDS = "no_words"
    STANDS_ALONE = "stands_alone"
    NO_SHARED_SUBJECT = "no_shared_subject"


@dataclass(frozen=True, slots=True)
class Left:
    """An idea that is in no cluster, and the ideas that come nearest to it."""

    id: int
    reason: RestReason
    nearest_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Clustering:
    """All ideas, each exactly once: in one of the clusters (largest first) or in the rest."""

    clusters: tuple[Cluster, ...]
    rest: tuple[Left, ...]

    def __iter__(self) -> Iterator[Cluster]:
        return iter(self.clusters)

    @property
    def coverage(self) -> float:
        """The share of the ideas that got a cluster; 1.0 when there are no ideas."""
        placed = sum(len(cluster.members) for cluster in self.clusters)
        total = placed + len(self.rest)
        return placed / total if total else 1.0

    def cluster_of(self, idea_id: int) -> Cluster | None:
        return next((cluster for cluster in self.clusters if idea_id in cluster.ids), None)


@dataclass(frozen=True, slots=True)
class Likeness:
    """An idea that resembles what somebody typed; `score` runs from 0 to 1, above .8 it is probably the same idea."""

    id: int
    score: float
