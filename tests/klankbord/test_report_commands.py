"""`klankbord report`: a year of moderation for whoever supervises it."""

import json
from pathlib import Path

from kernel.db import WriteSession
from tests.builders import a_moderated_consultation, a_moderator, a_rejected_idea
from tests.klankbord.test_commands import Installation, command, refusal, there

__all__ = ["command", "there"]


async def three_rejections(tx: WriteSession) -> None:
    by, consultation = await a_moderator(tx), await a_moderated_consultation(tx)
    for _ in range(3):
        await a_rejected_idea(tx, by=by, consultation=consultation)


def test_a_year_goes_to_the_screen_or_to_files_of_at_most_a_hundred(there: Installation, tmp_path: Path) -> None:
    there.write(three_rejections)

    printed = there.run("report", "statements", "--year", "2026")
    there.run("report", "statements", "--year", "2026", "--to", str(tmp_path))

    [batch] = [json.loads(line) for line in printed.stdout.splitlines()]
    assert [one["puid"] for one in batch["statements"]] == ["decision-1", "decision-2", "decision-3"]
    assert json.loads((tmp_path / "statements-2026-0001.json").read_text()) == batch
    assert there.run("report", "statements", "--year", "2025").stdout == ""
    told = json.loads(there.run("report", "dsa", "--year", "2026", "--json").stdout)
    assert (told["statements of reasons"], told["by ground"]) == (3, {"commercial": 3})
    assert told["kept from the public now, in the ledger"]["rejected"] == 3
    assert "commercial" in there.run("report", "dsa", "--year", "2026").stdout


def test_the_schema_is_printed_and_a_year_is_asked_for(command: Installation) -> None:
    assert json.loads(command.run("report", "statements", "--schema").stdout)["$defs"]["statement"]
    assert refusal(command.run("report", "statements")) == "Error: Say of which year, as --year 2026."
