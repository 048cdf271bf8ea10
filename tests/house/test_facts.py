"""Every fact has its row in the table of notices, and every job stands in the operator's document."""

from collections import Counter

from kernel.events import Event
from notify.notices import NOTICES
from notify.schedule import JOBS
from tests.house.tree import subclasses, table_rows


def names() -> list[str]:
    """The name of every event of the house."""
    return [kind.name for kind in subclasses(Event) if "name" in vars(kind)]  # type: ignore[attr-defined]  # Event


def test_every_event_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(names()).items() if times > 1] == []


def test_every_event_says_who_hears_of_it() -> None:
    assert set(NOTICES) == set(names())


def test_an_event_is_about_one_of_its_fields() -> None:
    without = [
        kind.__qualname__
        for kind in subclasses(Event)
        if "name" in vars(kind) and f"{kind.name.partition('.')[0]}_id" not in kind.__dataclass_fields__  # type: ignore[attr-defined]  # Event
    ]
    assert without == []


def test_every_job_says_why_it_runs_then() -> None:
    assert [job.name for job in JOBS if not job.why_then.endswith(".")] == []


def test_the_document_holds_every_job() -> None:
    assert table_rows("docs/operations.md", after="## Jobs") == [[job.name, job.when] for job in JOBS]
