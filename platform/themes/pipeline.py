"""From ideas to clusters with names and reasons, in one call.

The same ideas and seed give the same answer, in whichever order the ideas come.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from themes import clusters, features, graph, identities, labels, reasons
from themes.clusters import ALONE, Groups
from themes.features import Embedder
from themes.findings import Clustering, Left, RestReason, Text
from themes.labels import Name
from themes.reading import Reading, read

LOOSE = 0.5  # a group whose ideas fit each other less than this part of what is usual here has no subject
THIN = 0.12  # … nor has a group where fewer than this part holds any word that sets the group apart


def find_clusters(
    texts: Sequence[Text],
    *,
    places: Sequence[str] = (),
    seed: int = 0,
    fixed: Mapping[int, int] | None = None,
    previous: Mapping[int, int] | None = None,
    wanted: tuple[int, int] | None = None,
    embedder: Embedder | None = None,
    expected: str = "nl",
) -> Clustering:
    """Group the ideas.

    `fixed` holds the ideas a person placed: they are in that theme, whatever the words say. `previous` says in which
    theme each idea was; a cluster that continues a theme gets its key. `wanted` asks for coarser or finer: the fewest
    and the most clusters. Refuses two texts with one id.
    """
    fixed = fixed or {}
    if len({text.id for text in texts}) != len(texts):
        raise ValueError("Two texts have the same id.")
    ordered = sorted(texts, key=lambda text: text.id)
    is_spoken = {text.id: features.has_words(text.words) or text.id in fixed for text in ordered}
    silent = [Left(text.id, RestReason.NO_WORDS, ()) for text in ordered if not is_spoken[text.id]]
    spoken = [text for text in ordered if is_spoken[text.id]]
    if not spoken:
        return Clustering((), tuple(silent))
    reading = read(spoken, places=places, embedder=embedder, expected=expected)
    keys = sorted(set(fixed.values()))
    place = {key: at for at, key in enumerate(keys)}
    held = np.array([place[fixed[text.id]] if text.id in fixed else ALONE for text in spoken], dtype=np.int64)
    groups = _group(reading, held=held, previous=previous or {}, wanted=wanted, seed=seed)
    groups, held_by = identities.keep_placed(groups, held=held, vectors=reading.vectors)
    taken = {group: keys[at] for group, at in held_by.items()}
    return _describe(reading, groups, held=held, taken=taken, previous=previous or {}, silent=silent)


def _group(
    reading: Reading, *, held: Groups, previous: Mapping[int, int], wanted: tuple[int, int] | None, seed: int
) -> Groups:
    """The group of each row. Ideas with the same words are one while the groups form, and so stay together."""
    nodes: dict[tuple[str, int], int] = {}
    spelled = [features.clean(text.words).casefold() for text in reading.texts]
    node_of = np.array(
        [nodes.setdefault((words, at), len(nodes)) for words, at in zip(spelled, held.tolist(), strict=True)],
        dtype=np.int64,
    )
    first = np.unique(node_of, return_index=True)[1]
    if len(first) == 1:
        return np.zeros(len(node_of), dtype=np.int64)
    sizes = np.bincount(node_of).astype(np.int64)
    aim = clusters.wanted_for(len(reading.texts))
    if wanted is not None:
        aim = clusters.Wanted(*wanted, smallest=aim.smallest)
    before = np.array([previous.get(reading.texts[row].id, ALONE) for row in first], dtype=np.int64)
    ties = clusters.stick(graph.fused([(view[first], share) for view, share in reading.views]), before)
    vectors, placed = reading.vectors[first], held[first]

    def finish(groups: Groups) -> Groups:
        polished = clusters.polish(groups, vectors=vectors, held=placed)
        return clusters.settle(polished, vectors=vectors, sizes=sizes, held=placed, wanted=aim)

    groups = clusters.partition(ties, tied=placed, sizes=sizes, wanted=aim, seed=seed, finish=finish)
    return np.asarray(groups[node_of], dtype=np.int64)


def _describe(
    reading: Reading,
    groups: Groups,
    *,
    held: Groups,
    taken: Mapping[int, int],
    previous: Mapping[int, int],
    silent: Sequence[Left],
) -> Clustering:
    rows = {int(group): np.flatnonzero(groups == group) for group in np.unique(groups) if group != ALONE}
    names = labels.name_groups(
        {group: frozenset(inside.tolist()) for group, inside in rows.items()},
        vocabulary=reading.vocabulary,
        vectors=reading.vectors,
        embed=reading.meaning_of,
    )
    loose = _loose(reading, rows, names) - taken.keys()
    members = {
        group: frozenset(reading.texts[row].id for row in inside.tolist())
        for group, inside in rows.items()
        if group not in loose
    }
    key_of = identities.carry_over(members, previous=previous, taken=taken)
    found = [
        reasons.cluster(reading, rows[group], name=names[group], key=key_of.get(group), held=held) for group in members
    ]
    rest = reasons.left(reading, np.flatnonzero(~np.isin(groups, list(members))), groups=groups)
    return Clustering(
        tuple(sorted(found, key=lambda cluster: (-len(cluster.members), min(cluster.ids)))),
        tuple(sorted([*rest, *silent], key=lambda one: one.id)),
    )


def _loose(reading: Reading, rows: Mapping[int, Groups], names: Mapping[int, Name]) -> set[int]:
    """The groups without a subject. A set too small to be compared with itself is believed."""
    if len(reading.texts) < features.CENTRE_FROM:
        return set()
    fits = {group: float(clusters.fit_of(reading.vectors, inside).mean()) for group, inside in rows.items()}
    usual = float(np.median(list(fits.values()))) if fits else 0.0
    covered = {group: frozenset[int]().union(*(one.ideas for one in names[group].candidates)) for group in rows}
    return {
        group
        for group, inside in rows.items()
        if fits[group] < LOOSE * usual or len(covered[group]) < THIN * len(inside)
    }
