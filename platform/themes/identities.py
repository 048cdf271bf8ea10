"""New groups and the themes people already know: which is which."""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment

from themes.clusters import Groups
from themes.features import Vectors


def keep_placed(groups: Groups, *, held: Groups, vectors: Vectors) -> tuple[Groups, dict[int, int]]:
    """Give each theme that holds placed ideas a group of its own; returns the groups and group → theme key.

    Two such themes that the graph threw together are parted again: the other ideas go where they are nearer.
    """
    groups = groups.copy()
    key_of: dict[int, int] = {}
    fresh = int(groups.max(initial=-1)) + 1
    for group in sorted(set(groups[held >= 0].tolist())):
        here = np.flatnonzero(groups == group)
        keys = sorted(set(held[here][held[here] >= 0].tolist()))
        middles = np.vstack([vectors[here[held[here] == key]].mean(axis=0) for key in keys])
        nearest = (vectors[here] @ middles.T).argmax(axis=1)
        for place, key in enumerate(keys):
            own = here[((held[here] < 0) & (nearest == place)) | (held[here] == key)]
            name = group if place == 0 else fresh
            fresh += place > 0
            groups[own] = name
            key_of[name] = key
    return groups, key_of


def carry_over(
    members: Mapping[int, frozenset[int]], *, previous: Mapping[int, int], taken: Mapping[int, int]
) -> dict[int, int]:
    """Group → the key of the theme it continues.

    It continues a theme when it has more than half of the ideas still there, and when at least half of its own
    known ideas come from it. `taken` are the keys that placed ideas already decided.
    """
    kept = dict(taken)
    known = set().union(*members.values()) if members else set()
    old: dict[int, set[int]] = {}
    for idea, key in previous.items():
        if idea in known and key not in kept.values():
            old.setdefault(key, set()).add(idea)
    free = [group for group in sorted(members) if group not in kept]
    keys = sorted(old)
    if not free or not keys:
        return kept
    both = np.array([[len(members[group] & old[key]) for key in keys] for group in free])
    for row, column in zip(*linear_sum_assignment(-both), strict=True):
        of_theme = len(old[keys[column]])
        of_group = sum(1 for idea in members[free[row]] if idea in previous)
        if both[row, column] * 2 > of_theme and both[row, column] * 2 >= of_group:
            kept[free[row]] = keys[column]
    return kept
