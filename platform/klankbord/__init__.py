"""The composition root: wires the rooms into one application. Nothing imports it.

app.py is all wiring on one page; reception.py is what happens before a room sees a request; cli.py is the
`klankbord` command and commands/ what it can do; demo/ plays what happened in the sample municipality, whose texts are
in sample/; api/ is the read-only API; worker.py does what time brings; migrations/ is the schema's history.
"""

from pathlib import Path


def asset_dir(name: str) -> Path:
    """Where `templates`, `static` or `locale` lies: inside the wheel, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    return here / name if (here / name).is_dir() else here.parents[1] / name
