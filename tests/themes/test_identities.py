from themes.identities import carry_over


def test_more_than_half_of_a_theme_carries_its_key() -> None:
    members = {0: frozenset({1, 2, 3}), 1: frozenset({4, 5, 6})}

    assert carry_over(members, previous={1: 9, 2: 9, 4: 9}, taken={}) == {0: 9}


def test_exactly_half_is_not_enough() -> None:
    members = {0: frozenset({1, 2}), 1: frozenset({3, 4})}

    assert carry_over(members, previous={1: 9, 2: 9, 3: 9, 4: 9}, taken={}) == {}


def test_ideas_that_are_gone_do_not_count() -> None:
    assert carry_over({0: frozenset({1})}, previous={1: 9, 50: 9, 51: 9}, taken={}) == {0: 9}


def test_of_two_themes_thrown_together_the_larger_lives_on() -> None:
    members = {0: frozenset({1, 2, 3, 4, 5})}

    assert carry_over(members, previous={1: 8, 2: 8, 3: 8, 4: 9, 5: 9}, taken={}) == {0: 8}


def test_a_key_that_placed_ideas_took_is_not_given_twice() -> None:
    members = {0: frozenset({1, 2}), 1: frozenset({3})}

    assert carry_over(members, previous={1: 9, 2: 9}, taken={1: 9}) == {1: 9}
