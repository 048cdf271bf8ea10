import pytest

from accounts.access import ALLOWED, SHOWN_BY, Permission, may, panels_for, require
from accounts.actor import ANONYMOUS, Actor
from accounts.states import Role
from kernel.errors import DomainError, NotAllowed, NotFound, SignInFirst

OURS, OTHER = 7, 8


def someone(*grants: tuple[Role, int | None]) -> Actor:
    return Actor(person_id=3, grants=frozenset(grants))


def test_every_permission_says_who() -> None:
    assert set(ALLOWED) == set(Permission)
    assert not [permission for permission, roles in ALLOWED.items() if not roles]


def test_an_auditor_reads_everything_and_changes_nothing() -> None:
    read = {permission for permission, roles in ALLOWED.items() if Role.AUDITOR in roles}

    assert read == set(Permission) - set(SHOWN_BY)


def test_whoever_may_do_something_sees_what_it_is_about() -> None:
    blind = {verb: ALLOWED[verb] - ALLOWED[shown_by] for verb, shown_by in SHOWN_BY.items()}

    assert not any(blind.values()), blind


def test_residents_and_blocked_residents_have_no_work_here() -> None:
    assert not [one for one, roles in ALLOWED.items() if roles & {Role.RESIDENT, Role.BLOCKED}]


@pytest.mark.parametrize(
    ("actor", "anywhere", "here"),
    [
        (ANONYMOUS, False, False),
        (someone(), False, False),
        (someone((Role.MODERATOR, None)), False, False),
        (someone((Role.SECRETARY, OTHER)), True, False),
        (someone((Role.SECRETARY, OURS)), True, True),
        (someone((Role.SECRETARY, None)), True, True),
        (someone((Role.SECRETARY, OTHER), (Role.CHAIR, OURS)), True, False),
        (Actor(grants=frozenset({(Role.SECRETARY, OURS)})), False, False),
    ],
)
def test_a_role_for_one_panel_is_worth_nothing_for_another(actor: Actor, anywhere: bool, here: bool) -> None:
    assert may(actor, Permission.KEEP_MEETINGS) is anywhere
    assert may(actor, Permission.KEEP_MEETINGS, panel_id=OURS) is here


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (ANONYMOUS, SignInFirst),
        (someone(), NotFound),
        (someone((Role.SECRETARY, OTHER)), NotFound),
        (someone((Role.CHAIR, OTHER)), NotFound),
        (someone((Role.CHAIR, OURS)), NotAllowed),
        (someone((Role.AUDITOR, None)), NotAllowed),
    ],
)
def test_who_sees_it_is_refused_and_to_others_it_is_not_there(actor: Actor, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        require(actor, Permission.KEEP_MEETINGS, panel_id=OURS)


def test_the_panels_of_a_permission_are_those_of_its_roles() -> None:
    both = someone((Role.SECRETARY, OURS), (Role.CHAIR, OTHER))

    assert require(both, Permission.KEEP_MEETINGS, panel_id=OURS) == 3
    assert panels_for(both, Permission.KEEP_MEETINGS) == frozenset({OURS})
    assert panels_for(both, Permission.READ_MEETING_WORK) == frozenset({OURS, OTHER})
    assert panels_for(someone((Role.AUDITOR, None)), Permission.READ_MEETING_WORK) is None
    assert panels_for(ANONYMOUS, Permission.READ_MEETING_WORK) == frozenset()
