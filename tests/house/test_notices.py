"""Every fact of the house has its row, and every row its fact; every letter its builder and its files."""

from kernel.events import Event
from klankbord import app  # noqa: F401 - every room is loaded with it
from notify.letters import LETTERS
from notify.news import HEADINGS
from notify.notices import NOTICES
from notify.schedule import JOBS, PLANNED
from notify.topics import TOUCHES
from tests.house.tree import TEMPLATES, subclasses


def names() -> set[str]:
    """The names of all events."""
    return {kind.name for kind in subclasses(Event) if "name" in vars(kind)}  # type: ignore[attr-defined]  # Event


def test_every_event_has_its_row_of_notices() -> None:
    assert set(NOTICES) == names()


def test_news_and_topics_speak_of_events_that_there_are() -> None:
    kinds = {name.partition(".")[0] + "." for name in names()}

    assert set(HEADINGS) <= names()
    assert set(TOUCHES) <= names() | kinds


def test_every_letter_has_a_builder_and_every_builder_a_letter() -> None:
    assert set(LETTERS) == {path.name for path in (TEMPLATES / "emails").iterdir() if path.is_dir()}


def test_every_job_says_when_and_why_then() -> None:
    assert [job.name for job in JOBS if not (job.when.strip() and job.why_then.strip())] == []
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert set(PLANNED) == {"briefing", "digest"}
