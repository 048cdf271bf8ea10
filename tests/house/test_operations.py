"""What stands in docs/operations.md about commands and jobs is what there is."""

from klankbord.cli import COMMANDS
from notify.schedule import JOBS
from tests.house.tree import ROOT, table_rows


def test_the_document_holds_every_command() -> None:
    rows = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").splitlines()
    documented = {row.split("`")[1].split()[1] for row in rows if row.startswith("| `klankbord ")}

    assert documented == set(COMMANDS)


def test_the_document_holds_every_job() -> None:
    documented = dict(table_rows("docs/operations.md", after="## Jobs"))

    assert documented == {job.name: job.when for job in JOBS}
