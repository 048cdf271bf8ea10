"""`klankbord signals`: how well the signals find what they should, from the command line."""

import csv
from collections import Counter
from pathlib import Path

import click

from consultations.signals import KIND_NAMES, PERSONAL, Kind, findings
from klankbord.signal_sample import clean, with_identifiers

SEED = 2026
TEXTS = 6_000
MOST_TEXTS = 200_000


@click.group()
def signals() -> None:
    """See what is pointed out to moderators in a text."""


@signals.command()
@click.option("--number", default=TEXTS, show_default=True, type=click.IntRange(60, MOST_TEXTS), help="Texts of each.")
@click.option("--seed", default=SEED, show_default=True, help="Another seed makes other texts.")
@click.option(
    "--texts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with a column `text`: what is found in real texts is counted too.",
)
def measure(number: int, seed: int, texts: Path | None) -> None:
    """Print how much of what there is is found, and how much of what is found is there.

    Texts are made up from a seed: as many with one number, address or number plate in it, in many spellings, as texts
    without any, full of amounts, years, order numbers and bus lines. Exits with 1 when one was missed, or when less
    than nine tenths of what was found is what it was taken for.
    """
    there, found, wrong = reckoned(number, seed, cleans=number)
    click.echo(f"{'kind':<24}{'texts':>8}{'found':>8}{'wrong':>8}{'recall':>9}{'precision':>11}")
    for kind in there:
        shares = f"{found[kind] / there[kind]:>9.4f}{precision(found[kind], wrong[kind]):>11.4f}"
        click.echo(f"{KIND_NAMES[kind]:<24}{there[kind]:>8}{found[kind]:>8}{wrong[kind]:>8}{shares}")
    others = {kind: many for kind, many in wrong.items() if kind not in there}
    click.echo(f"Of other kinds, found in {number} clean texts: {_told(others)}.")
    if texts is not None:
        click.echo(f"In {texts.name}: {_in_file(texts)}.")
    if any(found[kind] < there[kind] or precision(found[kind], wrong[kind]) < 0.9 for kind in there):
        raise click.ClickException("The signals miss something, or point at too much.")


def precision(found: int, wrong: int) -> float:
    """Of all that was pointed at, how much is what it was taken for."""
    return found / (found + wrong) if found + wrong else 0.0


def reckoned(number: int, seed: int, *, cleans: int) -> tuple[Counter[Kind], Counter[Kind], Counter[Kind]]:
    """How many of each kind there are, how many were found, and how many findings are none, also in clean texts."""
    there: Counter[Kind] = Counter()
    found: Counter[Kind] = Counter()
    wrong: Counter[Kind] = Counter()
    for made in with_identifiers(number, seed=seed):
        if made.kind is None:
            continue
        there[made.kind] += 1
        start = made.text.index(made.words)
        for one in findings(made.text):
            covers = one.start <= start and start + len(made.words) <= one.end <= start + len(made.words) + 1
            is_it = one.kind is made.kind and covers
            found[made.kind] += is_it
            wrong[one.kind] += not is_it and one.kind in PERSONAL
    for made in clean(cleans, seed=seed + 1):
        wrong.update(one.kind for one in findings(made.text))
    return there, found, wrong


def _in_file(texts: Path) -> str:
    with texts.open(encoding="utf-8", newline="") as lines:
        read = [row.get("text") or "" for row in csv.DictReader(lines)]
    told = Counter(one.kind for text in read for one in findings(text))
    return f"{len(read)} texts, {_told(dict(told))}"


def _told(many: dict[Kind, int]) -> str:
    return ", ".join(f"{KIND_NAMES[kind]} {number}" for kind, number in sorted(many.items())) or "nothing"
