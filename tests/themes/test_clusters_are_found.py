"""The whole way from ideas to clusters, with the real sentence model."""

import pytest

from tests.themes.ideas import ALL, BIKES, OLD, PLAY, ids_of, texts
from themes.features import default_embedder
from themes.findings import Clustering, RestReason, Text
from themes.pipeline import find_clusters
from themes.reading import vectors_for


@pytest.fixture(scope="module")
def found() -> Clustering:
    return find_clusters(texts(*ALL))


def everybody(clustering: Clustering) -> list[int]:
    return sorted(
        [member.id for cluster in clustering for member in cluster.members] + [one.id for one in clustering.rest]
    )


def test_each_idea_stands_in_exactly_one_place(found: Clustering) -> None:
    assert everybody(found) == list(range(1, len(ALL) + 1))


@pytest.mark.parametrize("subject", [PLAY, BIKES, OLD], ids=["play", "bikes", "old"])
def test_ideas_on_one_subject_come_together(found: Clustering, subject: tuple[str, ...]) -> None:
    best = max(len(cluster.ids & ids_of(subject)) / len(cluster.ids | ids_of(subject)) for cluster in found)

    assert best >= 0.5


def test_clusters_are_named_in_the_words_of_the_residents(found: Clustering) -> None:
    names = " ".join(term for cluster in found for term in cluster.terms)

    assert all(word in names for word in ("speeltuin", "fiets", "ouderen"))


def test_a_name_has_at_most_three_terms_and_says_nothing_twice(found: Clustering) -> None:
    for cluster in found:
        assert 1 <= len(cluster.terms) <= 3
        assert not any(one in other for one in cluster.terms for other in cluster.terms if one != other)


def test_no_term_names_two_clusters(found: Clustering) -> None:
    terms = [term for cluster in found for term in cluster.terms]

    assert sorted(terms) == sorted(set(terms))


def test_each_member_says_why_it_is_there(found: Clustering) -> None:
    for cluster in found:
        for member in cluster.members:
            assert set(member.reason.nearest_ids) <= cluster.ids - {member.id}
            assert member.reason.shared_terms or member.reason.nearest_ids


def test_a_shared_term_stands_in_the_idea(found: Clustering) -> None:
    [reason] = [member.reason for cluster in found for member in cluster.members if member.id == 2]

    assert "speeltuin" in reason.shared_terms


def test_representatives_are_members(found: Clustering) -> None:
    assert all(set(cluster.representative_ids) <= cluster.ids for cluster in found)
    assert all(1 <= len(cluster.representative_ids) <= 2 for cluster in found)


def test_the_same_ideas_give_the_same_clusters_in_whatever_order_they_come(found: Clustering) -> None:
    shuffled = sorted(texts(*ALL), key=lambda text: text.words)

    assert find_clusters(shuffled) == found


def test_stored_vectors_give_the_clusters_that_the_words_give(found: Clustering) -> None:
    class NoModel:
        name, version, dim = default_embedder().name, default_embedder().version, default_embedder().dim

        def embed(self, asked: list[str]) -> object:
            assert not set(asked) & set(ALL), "ideas with a stored vector are not embedded again"
            return default_embedder().embed(asked)

    stored = [Text(text.id, text.words, vector) for text, vector in zip(texts(*ALL), vectors_for(ALL), strict=True)]

    again = find_clusters(stored, embedder=NoModel())  # type: ignore[arg-type]  # a stand-in that counts

    assert [cluster.ids for cluster in again] == [cluster.ids for cluster in found]


@pytest.mark.parametrize("count", range(9))
def test_a_handful_of_ideas_is_no_trouble(count: int) -> None:
    found = find_clusters(texts(*ALL[:count]))

    assert everybody(found) == list(range(1, count + 1))
    assert len(found.clusters) <= max(1, count // 3)
    assert found.coverage == 1.0


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_the_same_words_many_times_are_one_cluster(count: int) -> None:
    found = find_clusters(texts(*["Meer bankjes in het park"] * count))

    assert [len(cluster.members) for cluster in found] == [count]


def test_ideas_with_the_same_words_stay_together() -> None:
    found = find_clusters(texts(*ALL, *[PLAY[0]] * 5))

    assert len({id(found.cluster_of(idea)) for idea in (1, 31, 32, 33, 34, 35)}) == 1


def test_an_idea_without_words_stands_in_the_rest_and_says_so() -> None:
    found = find_clusters(texts(*ALL, "", "  !!! 123", "https://example.org/x"))

    assert [(one.id, one.reason) for one in found.rest if one.id > 30] == [
        (31, RestReason.NO_WORDS),
        (32, RestReason.NO_WORDS),
        (33, RestReason.NO_WORDS),
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["", "", ""],
        ["x", "y", "z", "q"],
        ["\U0001f333" * 9, "\u0000", "é", "ï"],
        ["de het een", "en of maar", "van voor"],
        ["日本語のアイデア", "اقتراح", "ідея", "öğrenci"],
        ["a" * 3000, "fiets " * 800],
    ],
)
def test_odd_words_are_no_trouble(words: list[str]) -> None:
    assert everybody(find_clusters(texts(*words))) == list(range(1, len(words) + 1))


def test_two_texts_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        find_clusters([Text(1, "een"), Text(1, "twee")])


def test_a_person_may_ask_for_coarser_or_finer(found: Clustering) -> None:
    coarse, fine = find_clusters(texts(*ALL), wanted=(1, 3)), find_clusters(texts(*ALL), wanted=(5, 9))

    assert len(coarse.clusters) <= 3 < 5 <= len(fine.clusters)


def test_languages_do_not_part_what_belongs_together() -> None:
    english = (
        "A new slide and swings for the playground",
        "A playground with water for small children",
        "Repair the bicycle path along the canal",
        "More bicycle parking at the station",
    )
    found = find_clusters(texts(*ALL, *english))

    assert [len((found.cluster_of(idea) or found.clusters[0]).ids & ids_of(PLAY)) > 0 for idea in (31, 32)] == [
        True
    ] * 2
    assert [len((found.cluster_of(idea) or found.clusters[0]).ids & ids_of(BIKES)) > 0 for idea in (33, 34)] == [
        True
    ] * 2
