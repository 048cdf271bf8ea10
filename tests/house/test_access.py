"""Who may do what is decided by one table; docs/permissions.md shows it."""

import ast

from accounts.access import MEANS, Permission
from tests.house.permissions import PLACE, table
from tests.house.tree import PLATFORM, modules, parsed

NAME_ROLES = {
    "accounts/access.py": "the table itself",
    "accounts/states.py": "the roles themselves",
    "consultations/queries.py": "whether somebody is blocked, asked where a session carries no grants",
    "panels/mandates.py": "a seat gives membership",
    "moderation/blocks.py": "a block gives the role of who may not take part",
    "notify/answer_appeal_notices.py": "who hears of something",
    "notify/block_notices.py": "who hears of something",
    "notify/conversation_notices.py": "who hears of something",
    "notify/hearers.py": "who hears of something",
    "notify/work_letters.py": "who hears of something",
    "notify/live.py": "hands on whose socket it is",
    "notify/texts/signing_in.py": "what a letter says to who works here",
    "notify/notices.py": "who hears of something",
    "notify/answer_notices.py": "who hears of something",
    "consultations/routes/sending_in.py": "whose chosen name is filled in: that of staff is meant for their work",
    "consultations/routes/comments.py": "the same",
    "klankbord/trace/witness.py": "which roles somebody read something with",
    "klankbord/set_up/forms.py": "which tasks an operator gives",
    "klankbord/set_up/sign_ins.py": "the list of who is signed in, by task",
    "klankbord/commands/operator.py": "the first operator, and the list of who holds which task",
    "klankbord/demo/additions.py": "the people of the sample content",
    "klankbord/demo/cast.py": "the people of the sample content",
    "klankbord/demo/evenings.py": "the people of the sample content",
    "klankbord/demo/inbox.py": "the people of the sample content",
    "klankbord/demo/offline.py": "the people of the sample content",
    "klankbord/demo/story.py": "the people of the sample content",
    "klankbord/demo/talks.py": "the people of the sample content",
    "klankbord/demo/welcome.py": "the people of the sample content",
}


def _names_a_role(node: ast.AST) -> bool:
    """`Role.SECRETARY`, `set(Role)`, `actor.grants`, `actor.roles`, `actor.has(…)`: deciding beside the table."""
    if isinstance(node, ast.Attribute):
        whose = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        of_actor = whose in {"actor", "user", "who", "whoever"} and node.attr in {"grants", "roles", "has", "is_staff"}
        return whose == "Role" or of_actor
    return isinstance(node, ast.Call) and any(isinstance(one, ast.Name) and one.id == "Role" for one in node.args)


def _in_accounts(place: str) -> bool:
    return place.startswith("accounts/") and place not in NAME_ROLES


def test_only_the_table_says_which_roles_may() -> None:
    found = {
        path.relative_to(PLATFORM).as_posix()
        for path in modules()
        if any(_names_a_role(node) for node in ast.walk(parsed(path)))
    }

    assert {place for place in found if not _in_accounts(place)} == set(NAME_ROLES)


def test_the_document_shows_the_table() -> None:
    assert set(MEANS) == set(Permission)
    assert PLACE.read_text(encoding="utf-8") == table(), "write it anew: python -m tests.house.permissions"
