"""Every table and every column says why it is there, until when, whose it is, and what erasing does to it."""

import pytest
from sqlalchemy import Column, Enum, LargeBinary, String, Table
from sqlalchemy.types import JSON

from accounts.models import Person
from kernel.db import Base
from kernel.html import CleanHtml
from kernel.keeping import Erasure, Kept
from tests.house.tree import subclasses

TABLES: dict[str, type[Base]] = {model.__tablename__: model for model in subclasses(Base) if issubclass(model, Base)}


def holds_text(column: Column[object]) -> bool:
    """Whether somebody's words could stand in it."""
    kinds = (String, JSON, LargeBinary, CleanHtml)
    return isinstance(column.type, kinds) and not isinstance(column.type, Enum)


def table_of(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_says_why_it_is_there_and_until_when(name: str) -> None:
    kept = vars(TABLES[name]).get("__kept__")
    assert isinstance(kept, Kept), f"{name} has no __kept__: see kernel.keeping"
    assert all(text.strip() for text in (kept.what, kept.purpose, kept.until))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_text_has_one_answer(name: str) -> None:
    model = TABLES[name]
    kept = model.__kept__
    answered = [*kept.words, *kept.ours, *kept.secrets]
    assert sorted(answered) == sorted(column.name for column in table_of(model).columns if holds_text(column))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_person_in_a_row_has_a_part_in_it(name: str) -> None:
    model = TABLES[name]
    kept, columns = model.__kept__, table_of(model).columns
    people = {
        column.name for column in columns if any(key.column.table.name == "person" for key in column.foreign_keys)
    }
    leads = {lead.partition("=")[0] for lead in (*kept.whose, *kept.about, *kept.by)}
    assert people - leads == set()
    assert {lead.rstrip(":") for lead in leads} - set(columns.keys()) == set()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_lead_ends_at_a_person(name: str) -> None:
    kept = TABLES[name].__kept__
    for lead in (*kept.whose, *kept.about, *kept.by):
        assert ends_at_a_person(name, lead), f"{name}.{lead}"


def ends_at_a_person(name: str, lead: str) -> bool:
    if lead.endswith(":"):
        return True
    column, _, same = lead.partition("=")
    if same:
        table, _, other = same.partition(".")
        return table == "person" and other in table_of(Person).columns
    [key] = table_of(TABLES[name]).columns[column].foreign_keys
    there = key.column.table.name
    return there == "person" or any(ends_at_a_person(there, next_) for next_ in TABLES[there].__kept__.whose)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_is_said_of_columns_is_about_columns_there_are(name: str) -> None:
    kept, columns = TABLES[name].__kept__, set(table_of(TABLES[name]).columns.keys())
    moments = {one.column for one in (kept.after, *(apart.after for apart in kept.apart.values())) if one}
    assert (moments | set(kept.apart) | set(kept.quotes)) - columns == set()
    assert set(kept.erased_as) - set(kept.words) == set()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_erasing_does_something_to_what_is_somebodys(name: str) -> None:
    kept = TABLES[name].__kept__
    assert (kept.erasure is Erasure.STAYS) == (not (kept.whose or kept.about))
    if kept.words:
        assert kept.erasure in {Erasure.EMPTIED, Erasure.REMOVED}
