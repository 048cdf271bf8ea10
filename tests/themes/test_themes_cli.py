import os
import subprocess
import sys
from pathlib import Path

from consultations.states import IdeaState
from kernel.db import Database
from kernel.settings import Settings
from tests.builders import a_consultation, an_idea
from tests.themes.forty_ideas import TITLES

BUILD = """
import sys
from klankbord.commands.themes import themes
if __name__ == "__main__":
    themes(["build", sys.argv[1]])
"""


async def test_themes_are_built_from_the_command_line(database: Database, settings: Settings, tmp_path: Path) -> None:
    async with database.write() as tx:
        consultation = await a_consultation(tx, slug="buurt")
        for title in TITLES[:12]:
            await an_idea(tx, consultation=consultation, title=title, body="", state=IdeaState.PUBLISHED)
    places = tmp_path / "places.txt"
    places.write_text("# wijken\nHoefslag\nDe Lanen\n", encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": "platform",
        "DATABASE_URL": settings.database_url,
        "KLANKBORD_MODE": "test",
        "KLANKBORD_PLACES": str(places),
    }

    def build(slug: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", BUILD, slug], env=environment, capture_output=True, text=True, check=False
        )

    built, unknown = build("buurt"), build("onbekend")

    assert built.stdout.startswith("buurt: 12 ideas, ")
    assert "12 read anew by use-multilingual 3" in built.stdout
    assert (built.returncode, unknown.returncode) == (0, 1)
    assert unknown.stderr.startswith("Error: There is no consultation 'onbekend'.")
