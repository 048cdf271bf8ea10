"""docs/permissions.md as the table in accounts/access.py has it. To write it anew:

python -m tests.house.permissions
"""

from accounts.access import ALLOWED, MEANS, SHOWN_BY, Permission
from accounts.states import Role
from tests.house.tree import ROOT

PLACE = ROOT / "docs" / "permissions.md"
COLUMNS = [role for role in Role if role not in {Role.RESIDENT, Role.BLOCKED}]
HEAD = """# Who may do what

Made from `platform/accounts/access.py` by `python -m tests.house.permissions`; a test of the house compares them.

- Everybody reads what is public, and every resident takes part: sends in, supports, follows, reports. Who is blocked
  reads, follows and appeals. That needs no row here.
- secretary, chair and commissioner hold their role for one panel, and it is worth nothing for another. A member has a
  seat as citizen, partner, adviser or facilitator; an observer's seat gives no role.
- The chair reads what the secretary prepares. The auditor reads everything and changes nothing. The operator sets up,
  and reads nothing that residents sent in.
- Whose something is (an idea's author, a receipt's link), how it stands and until when, is asked by each room's rules.
- What somebody may not see answers 404, just like what is not there. 403 is for a whole desk that is not theirs, and
  for a verb on something that they do see.
- A session that owes the second factor, or that began with the link of a letter about an idea, has no role at all.

"""


def table() -> str:
    """The document."""
    rows = [
        ["May", "To", *COLUMNS, "Shown by"],
        ["---", "---", *(":-:" for _ in COLUMNS), "---"],
        *(
            [
                f"`{permission}`",
                MEANS[permission],
                *("yes" if role in ALLOWED[permission] else "" for role in COLUMNS),
                f"`{SHOWN_BY[permission]}`" if permission in SHOWN_BY else "",
            ]
            for permission in Permission
        ),
    ]
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    PLACE.write_text(table(), encoding="utf-8")
