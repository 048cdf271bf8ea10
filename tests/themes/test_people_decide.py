"""What people placed stays, and what continues a theme keeps its key."""

from tests.themes.ideas import ALL, BIKES, OLD, PLAY, ids_of, texts
from themes.findings import Clustering
from themes.pipeline import find_clusters

PLAYING, CYCLING = 71, 72


def key_of(found: Clustering, idea_id: int) -> int | None:
    cluster = found.cluster_of(idea_id)
    return cluster.key if cluster else None


def test_an_idea_that_somebody_placed_is_in_that_theme_whatever_it_says() -> None:
    bike = min(ids_of(BIKES))
    fixed = {1: PLAYING, 2: PLAYING, 3: PLAYING, bike: PLAYING}

    found = find_clusters(texts(*ALL), fixed=fixed)

    assert {idea: key_of(found, idea) for idea in fixed} == fixed
    assert {member.id for cluster in found for member in cluster.members if member.is_fixed} == set(fixed)


def test_two_themes_that_people_keep_apart_stay_apart() -> None:
    fixed = {1: PLAYING, 2: CYCLING}  # both about playing, says the machine

    found = find_clusters(texts(*ALL), fixed=fixed)

    assert (key_of(found, 1), key_of(found, 2)) == (PLAYING, CYCLING)
    assert len([cluster for cluster in found if cluster.key is not None]) == 2


def test_a_theme_of_one_placed_idea_remains() -> None:
    found = find_clusters(texts(*ALL, "Gratis openbaar toilet bij de markt"), fixed={31: 90})

    assert key_of(found, 31) == 90


def test_a_placed_idea_without_words_is_kept_in_its_theme() -> None:
    assert key_of(find_clusters(texts(*ALL, ""), fixed={31: 90}), 31) == 90


def test_a_cluster_that_continues_a_theme_keeps_its_key() -> None:
    first = find_clusters(texts(*ALL))
    previous = {member.id: 100 + at for at, cluster in enumerate(first) for member in cluster.members}

    again = find_clusters(texts(*ALL, "Een trapveld bij de speeltuin", "Fietspad naar school"), previous=previous)

    assert {cluster.key for cluster in again} >= set(previous.values())
    moved = [idea for idea, key in previous.items() if key_of(again, idea) != key]
    assert len(moved) <= len(previous) * 0.14


def test_a_cluster_that_continues_nothing_is_new() -> None:
    found = find_clusters(texts(*ALL))

    assert {cluster.key for cluster in found} == {None}


def test_a_theme_whose_ideas_went_everywhere_has_no_heir() -> None:
    mixed = [*sorted(ids_of(PLAY))[:2], *sorted(ids_of(BIKES))[:2], *sorted(ids_of(OLD))[:2]]

    found = find_clusters(texts(*ALL), previous=dict.fromkeys(mixed, 55))

    assert sum(cluster.key == 55 for cluster in found) <= 1


def test_placing_an_idea_outweighs_where_it_was_before() -> None:
    found = find_clusters(texts(*ALL), previous=dict.fromkeys(ids_of(PLAY), PLAYING), fixed={1: CYCLING})

    assert key_of(found, 1) == CYCLING
