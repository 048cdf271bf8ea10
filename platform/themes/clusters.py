"""A graph → groups. The number of groups follows the ideas; a person may ask for coarser or finer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from themes.features import Vectors, unit

Groups = npt.NDArray[np.int64]

SMALLEST = 3  # ideas in a cluster, unless a person made it
ALONE = -1  # the group of ideas that are in no cluster
STICK = 1.0  # how much stronger two ideas hold on that were in one theme before
NEAR_ENOUGH = 0.12  # cosine to the middle of a group below which an idea had rather stand alone
GAIN = 0.08  # how much nearer another group must be for an idea to move there
STEP = 1.2
TRIES = 14


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many clusters of at least `smallest` ideas are wanted, both ends included."""

    fewest: int
    most: int
    smallest: int = SMALLEST


def wanted_for(count: int) -> Wanted:
    """Eight to twenty for a city; no more than a third of the ideas, and a handful of ideas is one group."""
    smallest = SMALLEST if count >= 9 else 2
    return Wanted(max(1, min(8, count // 8)), max(1, min(20, count // 3)), smallest)


def stick(graph: Any, before: Groups) -> Any:
    """Strengthen the ties within a theme that stood before (-1: none), so that a theme outlives ten new ideas."""
    ties = graph.tocoo()
    together = (before[ties.row] == before[ties.col]) & (before[ties.row] >= 0)
    weights = np.where(together, ties.data * (1.0 + STICK), ties.data)
    return sparse.csr_matrix((weights, (ties.row, ties.col)), shape=graph.shape)


def contract(graph: Any, tied: Groups) -> tuple[Any, Groups]:
    """Make one node of all ideas that a person put together; says for each idea which node it became."""
    count = graph.shape[0]
    names = np.where(tied >= 0, tied, np.arange(count) + (int(tied.max(initial=-1)) + 1))
    node_of = np.unique(names, return_inverse=True)[1].astype(np.int64)
    onto = sparse.csr_matrix((np.ones(count), (np.arange(count), node_of)))
    joined = (onto.T @ graph @ onto).tocsr()
    joined.setdiag(0)
    joined.eliminate_zeros()
    return joined, node_of


def partition(
    graph: Any,
    *,
    tied: Groups,
    sizes: Groups,
    wanted: Wanted,
    seed: int,
    finish: Callable[[Groups], Groups] = lambda groups: groups,
) -> Groups:
    """Leiden at the first resolution that gives the wanted number; of those that miss, the one that misses least.

    `sizes` counts the ideas behind each row, `tied` names the rows that must stay together (-1: free). `finish` is
    done to each partition before its groups are counted.
    """
    joined, node_of = contract(graph, tied)
    if joined.shape[0] <= 3 or joined.nnz == 0:
        return finish(node_of if joined.nnz == 0 else np.zeros(len(node_of), dtype=np.int64))
    resolution = 1.0
    best: Groups = np.zeros(len(node_of), dtype=np.int64)
    least = float("inf")
    for _ in range(TRIES):
        groups = finish(_leiden(joined, resolution, seed)[node_of])
        weights = np.bincount(groups[groups != ALONE], weights=sizes[groups != ALONE])
        count = int((weights >= wanted.smallest).sum())
        missed = max(wanted.fewest - count, count - wanted.most, 0)
        if missed < least:
            best, least = groups, missed
        if missed == 0:
            break
        # Small steps: the first resolution that is fine enough splits nothing that need not be split.
        resolution *= STEP if count < wanted.fewest else 1 / STEP
    return best


def _leiden(graph: Any, resolution: float, seed: int) -> Groups:
    from sknetwork.clustering import Leiden

    return np.asarray(Leiden(resolution=resolution, random_state=seed).fit_predict(graph), dtype=np.int64)


def settle(groups: Groups, *, vectors: Vectors, sizes: Groups, held: Groups, wanted: Wanted) -> Groups:
    """Dissolve groups that are too small: each idea goes to the group it is nearest to, or stands ALONE.

    Ideas a person placed (`held` >= 0) stay, and so does their group.
    """
    weight = np.bincount(groups, weights=sizes)
    kept = {int(group) for group in np.flatnonzero(weight >= wanted.smallest)} | set(groups[held >= 0].tolist())
    if not kept:
        return np.full_like(groups, 0 if sizes.sum() <= wanted.smallest else ALONE)
    order = sorted(kept)
    middles = middles_of(vectors, groups, order)
    settled = groups.copy()
    for row in np.flatnonzero(~np.isin(groups, order)):
        scores = middles @ vectors[row]
        nearest = int(scores.argmax())
        settled[row] = order[nearest] if scores[nearest] >= NEAR_ENOUGH else ALONE
    return settled


def polish(groups: Groups, *, vectors: Vectors, held: Groups, gain: float = GAIN) -> Groups:
    """Move each free idea that is clearly nearer to the middle of another group; once. Who fits badly moves sooner."""
    order = sorted(set(groups[groups != ALONE].tolist()))
    if len(order) < 2:
        return groups
    place = np.searchsorted(order, np.maximum(groups, order[0]))
    scores = vectors @ middles_of(vectors, groups, order).T
    sizes = np.bincount(place, minlength=len(order))
    rows = np.arange(len(groups))
    own = scores[rows, place] - 1.0 / np.maximum(sizes[place], 1)  # without the idea's own share in its middle
    best = scores.argmax(axis=1)
    needed = np.clip(own * 0.5, 0.02, gain)
    moving = (scores[rows, best] > own + needed) & (held < 0) & (groups != ALONE)
    return np.where(moving, np.array(order)[best], groups)


def middles_of(vectors: Vectors, groups: Groups, order: Sequence[int]) -> Vectors:
    """The mean direction of each group."""
    return unit(np.vstack([vectors[groups == group].mean(axis=0) for group in order]).astype(np.float32))


def fit_of(vectors: Vectors, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The cosine of each row with the middle of the *other* rows: alone it would always fit itself."""
    if len(rows) == 1:
        return np.ones(1, dtype=np.float32)
    own = vectors[rows]
    others = unit(own.sum(axis=0, keepdims=True) - own)
    return np.asarray(np.einsum("ij,ij->i", own, others), dtype=np.float32)
