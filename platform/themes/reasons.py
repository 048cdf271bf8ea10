"""A group → what a person sees of it: its members, its examples, and for each idea why it stands here."""

from collections.abc import Mapping, Sequence

import numpy as np

from themes.clusters import ALONE, Groups, fit_of
from themes.features import Vectors
from themes.findings import Cluster, Left, Member, Reason, RestReason
from themes.graph import BLOCK
from themes.labels import Name
from themes.reading import Reading

NEAREST = 3
SHARED_TERMS = 3
REPRESENTATIVES = 2


def cluster(reading: Reading, rows: Groups, *, name: Name, key: int | None, held: Groups) -> Cluster:
    fits = fit_of(reading.vectors, rows)
    nearest = nearest_rows(reading.vectors, rows, among=rows)
    members = [
        Member(
            id=reading.texts[row].id,
            fit=round(float(fit), 4),
            reason=Reason(_shared_terms(row, name), tuple(reading.texts[other].id for other in near)),
            is_fixed=bool(held[row] != ALONE),
        )
        for row, fit, near in zip(rows.tolist(), fits, nearest, strict=True)
    ]
    return Cluster(
        key=key,
        terms=tuple(one.written for one in name.terms),
        representative_ids=_representatives(reading, rows, fits, name),
        cohesion=round(float(fits.mean()), 4),
        members=tuple(sorted(members, key=lambda member: (-member.fit, member.id))),
    )


def left(reading: Reading, rows: Groups, *, groups: Groups) -> list[Left]:
    """The ideas of these rows are in no cluster: alone from the start, or in a group that had no subject."""
    everything = np.arange(len(reading.texts))
    return [
        Left(
            reading.texts[row].id,
            RestReason.STANDS_ALONE if groups[row] == ALONE else RestReason.NO_SHARED_SUBJECT,
            tuple(reading.texts[other].id for other in near),
        )
        for row, near in zip(rows.tolist(), nearest_rows(reading.vectors, rows, among=everything), strict=True)
    ]


def nearest_rows(vectors: Vectors, rows: Groups, *, among: Groups) -> list[list[int]]:
    """For each row the nearest others, nearest first; of two as near the one that came first."""
    found: list[list[int]] = []
    wanted = min(NEAREST, len(among) - 1)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        scores = vectors[block] @ vectors[among].T
        scores[block[:, None] == among[None, :]] = -2.0
        if wanted < 1:
            found += [[] for _ in block]
            continue
        # Rounded, for the last bits of a product depend on the size of the block.
        best = np.argsort(-np.round(scores, 5), axis=1, kind="stable")[:, :wanted]
        found += among[best].tolist()
    return found


def _shared_terms(row: int, name: Name) -> tuple[str, ...]:
    """First the terms that name the group, then other words that set it apart."""
    ranked = [*name.terms, *(one for one in name.candidates if one not in name.terms)]
    return tuple(one.written for one in ranked if row in one.ideas)[:SHARED_TERMS]


def _representatives(reading: Reading, rows: Groups, fits: Sequence[float] | Vectors, name: Name) -> tuple[int, ...]:
    """The ideas nearest to the middle; of those, rather the ones that hold the words of the name."""
    rated: Mapping[int, float] = {
        row: float(fit) + 0.15 * any(row in one.ideas for one in name.terms)
        for row, fit in zip(rows.tolist(), fits, strict=True)
    }
    chosen: list[int] = []
    seen: set[str] = set()
    for row in sorted(rated, key=lambda row: (-round(rated[row], 5), reading.texts[row].id)):
        spelled = reading.texts[row].words.casefold().strip()
        if spelled not in seen:
            chosen.append(reading.texts[row].id)
            seen.add(spelled)
        if len(chosen) == REPRESENTATIVES:
            break
    return tuple(chosen)
