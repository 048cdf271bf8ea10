"""Vectors → a graph in which ideas that share many neighbours hold on to each other."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from themes.features import Vectors

BLOCK = 1024  # rows compared at once: 1024 x 20,000 floats is 80 MB
EXACT_UP_TO = 20_000  # beyond this, only ideas in neighbouring cells are compared


def neighbours_wanted(count: int) -> int:
    """Fifteen neighbours for a city, fewer for a meeting: with 15 of 60 everything hangs together."""
    wanted = 15 if count >= 250 else round(0.9 * count**0.5)
    return max(1, min(wanted, count - 1))


def nearest(vectors: Vectors, wanted: int) -> Any:
    """A sparse matrix of ones: row i marks i itself and its nearest rows. Rows of zeros mark only themselves."""
    rows, columns = _compare_all(vectors, wanted) if len(vectors) <= EXACT_UP_TO else _compare_cells(vectors, wanted)
    spoken = np.abs(vectors).sum(axis=1) > 1e-9
    kept = spoken[rows] & spoken[columns]
    count = len(vectors)
    ones = np.ones(int(kept.sum()), dtype=np.float32)
    marks = sparse.csr_matrix((ones, (rows[kept], columns[kept])), shape=(count, count))
    return (marks + sparse.identity(count, dtype=np.float32, format="csr")).tocsr()


Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def _compare_all(vectors: Vectors, wanted: int) -> Pairs:
    count = len(vectors)
    columns = np.empty((count, wanted), dtype=np.int64)
    for start in range(0, count, BLOCK):
        scores = vectors[start : start + BLOCK] @ vectors.T
        here = np.arange(scores.shape[0])
        scores[here, here + start] = -2.0
        columns[start : start + BLOCK] = np.argpartition(-scores, wanted - 1, axis=1)[:, :wanted]
    return np.repeat(np.arange(count, dtype=np.int64), wanted), columns.ravel()


def _compare_cells(vectors: Vectors, wanted: int) -> Pairs:
    """Cut the space into cells and compare each idea with the ideas of its own and the eleven nearest cells."""
    from sklearn.cluster import MiniBatchKMeans

    cells = max(2, len(vectors) // 400)
    cutter = MiniBatchKMeans(cells, n_init=1, max_iter=20, batch_size=4096, random_state=0)
    cell_of = cutter.fit_predict(vectors)
    middles = np.asarray(cutter.cluster_centers_, dtype=np.float32)
    near = np.argsort(-(middles @ middles.T), axis=1, kind="stable")[:, :12]
    inside = [np.flatnonzero(cell_of == cell) for cell in range(cells)]
    rows, columns = [], []
    for cell, own in enumerate(inside):
        others = np.unique(np.concatenate([own, *(inside[other] for other in near[cell])]))
        if len(own) == 0 or len(others) <= wanted:
            continue
        scores = vectors[own] @ vectors[others].T
        scores[own[:, None] == others[None, :]] = -2.0
        best = np.argpartition(-scores, wanted - 1, axis=1)[:, :wanted]
        rows.append(np.repeat(own, wanted))
        columns.append(others[best].ravel())
    return np.concatenate(rows).astype(np.int64), np.concatenate(columns).astype(np.int64)


def shared(marks: Any) -> Any:
    """Weigh each pair of neighbours by the part of their neighbours they have in common (Jaccard)."""
    pairs = marks.maximum(marks.T).tocoo()
    upper = pairs.row < pairs.col
    rows, columns = pairs.row[upper], pairs.col[upper]
    sizes = np.asarray(marks.sum(axis=1)).ravel()
    weights = np.empty(len(rows), dtype=np.float64)
    for start in range(0, len(rows), 200_000):
        some = slice(start, start + 200_000)
        both = np.asarray(marks[rows[some]].multiply(marks[columns[some]]).sum(axis=1)).ravel()
        weights[some] = both / (sizes[rows[some]] + sizes[columns[some]] - both)
    half = sparse.csr_matrix((weights, (rows, columns)), shape=marks.shape)
    return (half + half.T).tocsr()


def fused(views: Sequence[tuple[Vectors, float]]) -> Any:
    """Add the graphs of several views of the same ideas, each in its share; symmetric, no self-loops."""
    count = len(views[0][0])
    wanted = neighbours_wanted(count)
    total = sparse.csr_matrix((count, count), dtype=np.float64)
    for vectors, share in views:
        view = shared(nearest(vectors, wanted))
        weight = float(view.sum())
        if weight > 0:
            total = total + view * (share * count / weight)
    return total.tocsr()
