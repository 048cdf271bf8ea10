"""Every refusal has a code of its own, and stands in docs/errors.md as people see it."""

from collections import Counter

from kernel.errors import DomainError
from tests.house.tree import subclasses, table_rows


def refusals() -> list[type[DomainError]]:
    """Every refusal of the house."""
    return [DomainError, *subclasses(DomainError)]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = Counter(kind.code for kind in refusals())
    assert [code for code, times in codes.items() if times > 1] == []


def test_the_document_holds_every_refusal_as_it_is_shown() -> None:
    documented = {code: (status, sees) for code, status, sees, _ in table_rows("docs/errors.md", after="## Refusals")}
    assert documented == {f"`{kind.code}`": (str(kind.status), kind.message) for kind in refusals()}


def test_the_document_says_what_a_person_can_do() -> None:
    assert [row[0] for row in table_rows("docs/errors.md", after="## Refusals") if not row[3]] == []
