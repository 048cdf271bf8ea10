import asyncio
import csv
import io
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from consultations import exports, imports, queries
from consultations.import_files import BadRow, NotReadable
from consultations.imports import Row
from consultations.models import Idea
from consultations.states import IdeaRoute, IdeaState
from kernel.db import Database, WriteSession
from kernel.events import EventRecord
from kernel.settings import Settings
from klankbord.commands.ideas import ideas as command
from tests.builders import a_consultation, a_person, an_idea
from tests.moments import CLOSES, NOON

ZONE = ZoneInfo("Europe/Amsterdam")


def read(text: str, form: str = "csv") -> list[Row | BadRow]:
    return list(imports.read(io.StringIO(text, newline=""), form=form, zone=ZONE))


def good(text: str, form: str = "csv") -> list[Row]:
    return [row for row in read(text, form) if isinstance(row, Row)]


def bad(text: str, form: str = "csv") -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in read(text, form) if isinstance(row, BadRow)]


def test_id_and_text_make_an_idea_with_its_first_sentence_as_title() -> None:
    [row] = good("id,text\n7,Zet bankjes neer. Dan kan ik zitten.\n")

    assert (row.external_id, row.title, row.body) == ("7", "Zet bankjes neer", "Zet bankjes neer. Dan kan ik zitten.")


def test_title_and_body_author_moment_language_and_the_rest_are_kept() -> None:
    [row] = good(
        "title;body;author;created_at;lang;label;score\nBankjes;Langs de kade;Jan;2026-11-20T10:00;fr;groen;3\n"
    )

    assert (row.title, row.body, row.author, row.language) == ("Bankjes", "Langs de kade", "Jan", "fr")
    assert row.created_at == datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)
    assert row.others == {"label": "groen", "score": "3"}
    assert len(row.external_id) == 64


def test_json_lines_may_span_what_csv_may() -> None:
    line = json.dumps({"id": 3, "title": "Bus", "body": "De bus\nrijdt niet", "kind": "experience", "tags": ["ov"]})

    [row] = good(line + "\n\n", "jsonl")

    assert (row.external_id, row.kind.value, row.body) == ("3", "experience", "De bus\nrijdt niet")
    assert row.others == {"tags": ["ov"]}


def test_a_byte_order_mark_and_a_quoted_line_end_do_no_harm() -> None:
    rows = good('\ufeffid,text\r\n1,"Een regel\r\nen nog een"\r\n2,Twee\r\n')

    assert [(row.external_id, row.body, row.line) for row in rows] == [
        ("1", "Een regel\nen nog een", 2),
        ("2", "Twee", 4),
    ]


def test_bad_lines_are_named_with_the_reason() -> None:
    assert bad("id,text\n1,\n2,Goed\n3,a,b\n4,x\n") == [
        (2, "it has no text"),
        (4, "it has 3 columns, the first line has 2"),
    ]
    assert bad('{"text": "Goed"}\n[1]\n{kapot\n{"text": "Goed", "created_at": "gisteren"}\n', "jsonl") == [
        (2, "it is not a JSON object"),
        (3, "it is not a JSON object"),
        (4, "its created_at 'gisteren' is not a date like 2026-11-23T12:00:00+01:00"),
    ]
    assert bad('{"text": "Goed", "score": NaN}\n', "jsonl") == [(1, "it is not a JSON object")]
    assert bad("id,text,kind\n1,Goed,klacht\n") == [(2, "its kind 'klacht' is neither idea nor experience")]
    assert [line for line, _ in bad("text\n" + "x" * 20_001 + "\n")] == [2]


def test_a_file_without_the_columns_cannot_be_used() -> None:
    with pytest.raises(NotReadable):
        read("naam,leeftijd\nJan,8\n")
    with pytest.raises(NotReadable):
        read("")


async def test_an_import_goes_on_record_with_who_did_it(tx: WriteSession) -> None:
    consultation, secretary = await a_consultation(tx), await a_person(tx)
    rows = good("id,text,author,label\n1,Eerste,Jan,groen\n2,Tweede,ria@waterveen.example,blauw\n")

    added = await imports.add(
        tx, consultation=consultation, rows=rows, state=IdeaState.PUBLISHED, by=secretary.id, now=NOON
    )

    assert added == 2
    first, second = (await tx.scalars(select(Idea).order_by(Idea.id))).all()
    assert (first.number, first.shown_name, first.imported) == ("2026-00001", "Jan", {"label": "groen"})
    assert (first.state, first.published_at, second.shown_name) == (IdeaState.PUBLISHED, NOON, "")
    assert first.author_id == (await imports.import_person(tx, now=NOON)).id
    assert second.author_id not in {first.author_id, secretary.id}
    told = (await tx.scalars(select(EventRecord).where(EventRecord.name.like("idea.%")))).all()
    assert [(fact.name, fact.actor_id, fact.facts["state"]) for fact in told] == [
        ("idea.imported", secretary.id, "published")
    ] * 2
    assert (await queries.current_version(tx, first.id)).body == "Eerste"


async def test_characters_that_no_text_can_hold_stop_no_import(tx: WriteSession) -> None:
    consultation, secretary = await a_consultation(tx), await a_person(tx)
    rows = good('{"text": "Een\\u0000 \\ud83ebankje", "id": "a\\u0000", "label": "g\\u0000\\ud83e"}\n', "jsonl")

    await imports.add(tx, consultation=consultation, rows=rows, state=IdeaState.PUBLISHED, by=secretary.id, now=NOON)

    [idea] = await tx.scalars(select(Idea).execution_options(populate_existing=True))
    assert (idea.body, idea.external_id, idea.imported) == ("Een bankje", "a", {"label": "g\0\ud83e"})


async def test_the_same_file_twice_adds_nothing(tx: WriteSession) -> None:
    consultation, secretary = await a_consultation(tx), await a_person(tx)
    rows = good("text\nEerste\nTweede\nEerste\n")

    added = [
        await imports.add(tx, consultation=consultation, rows=rows, state=IdeaState.RECEIVED, by=secretary.id, now=NOON)
        for _ in range(2)
    ]

    assert added == [2, 0]


async def test_what_was_written_after_the_close_is_late(tx: WriteSession) -> None:
    consultation, secretary = await a_consultation(tx), await a_person(tx)
    rows = good(f"text,created_at\nOp tijd,{NOON.isoformat()}\nTe laat,{CLOSES.isoformat()}\n")

    await imports.add(tx, consultation=consultation, rows=rows, state=IdeaState.PUBLISHED, by=secretary.id, now=CLOSES)

    found = (await tx.scalars(select(Idea).order_by(Idea.id))).all()
    assert [(idea.is_late, idea.route) for idea in found] == [
        (False, IdeaRoute.UNROUTED),
        (True, IdeaRoute.NEXT_MEETING),
    ]


async def test_the_export_holds_what_is_published_and_no_formulas(tx: WriteSession) -> None:
    consultation = await a_consultation(tx)
    await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED, title="=1+1", body='Een "aanhaling", ok')
    await an_idea(tx, consultation=consultation, state=IdeaState.REMOVED, title="Weg")

    written = "".join([line async for line in exports.lines(tx, consultation.id, form="csv")])
    lines = [line async for line in exports.lines(tx, consultation.id, form="jsonl")]

    [row] = csv.DictReader(io.StringIO(written.removeprefix("\ufeff")))
    assert (row["title"], row["body"]) == ("'=1+1", 'Een "aanhaling", ok')
    assert [json.loads(line)["title"] for line in lines] == ["=1+1"]
    assert tuple(row) == exports.COLUMNS == tuple(json.loads(lines[0]))


@pytest.mark.parametrize(
    "cell",
    [
        "=A1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        '"=1',
        "＝1",
        "  =1",
        "\u00a0=1",
        "\u3000“=1",
        "\ufeff=1",
        "\u200b=1",
        "−1",
        "'=1",
    ],
)
def test_whatever_a_spreadsheet_takes_for_a_formula_is_disarmed(cell: str) -> None:
    assert exports.safe_cell(cell) == f"'{cell}"
    assert exports.bare_cell(f"'{cell}") == cell


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("een;=1+1;twee", "een;'=1+1;twee"),
        ("een\n- twee\n-drie", "een\n'- twee\n'-drie"),
        ("een\t@twee", "een\t'@twee"),
        ("'s-Gravenhage; 't Hart", "'s-Gravenhage; 't Hart"),
        ("vier = vier, jo@waterveen.example", "vier = vier, jo@waterveen.example"),
    ],
)
def test_nor_does_one_begin_where_a_dutch_spreadsheet_splits(text: str, written: str) -> None:
    assert exports.safe_cell(text) == written
    assert exports.bare_cell(written) == text


def test_our_own_numbers_stay_numbers() -> None:
    assert [exports.safe_cell(one) for one in (-5, None, True)] == [-5, None, True]


@pytest.fixture
def slug(migrated_database: str) -> str:
    """An open consultation in a database that no test holds open: the command opens it itself."""

    async def make() -> str:
        database = Database(migrated_database)
        async with database.write() as tx:
            consultation = await a_consultation(tx)
        await database.close()
        return consultation.slug

    return asyncio.run(make())


def run(settings: Settings, *words: str) -> tuple[int, str]:
    told = CliRunner().invoke(
        command, words, env={"DATABASE_URL": settings.database_url, "KLANKBORD_MODE": "test"}, catch_exceptions=False
    )
    return told.exit_code, told.output


def test_the_command_reads_a_file_tells_what_it_could_not_use_and_writes_it_back(
    settings: Settings, slug: str, tmp_path: Path
) -> None:
    file, back = tmp_path / "ideeën.csv", tmp_path / "terug.jsonl"
    file.write_text("id,text\n" + "".join(f"{n},Idee nummer {n}\n" for n in range(1_500)) + "x,\n", encoding="utf-8")
    words = ("import", str(file), "--consultation", slug, "--state", "published")

    first, second = run(settings, *words), run(settings, *words)
    exported = run(settings, "export", slug, "--format", "jsonl", "--to", str(back))

    assert first[0] == second[0] == exported[0] == 0
    assert "1500 ideas added, 0 were known, 1 lines could not be used." in first[1]
    assert "line 1502: it has no text" in first[1]
    assert "0 ideas added, 1500 were known, 1 lines could not be used." in second[1]
    rows = [json.loads(line) for line in back.read_text(encoding="utf-8").splitlines()]
    assert [rows[0]["body"], rows[-1]["body"], len(rows)] == ["Idee nummer 0", "Idee nummer 1499", 1_500]


def test_the_command_answers_mistakes_with_one_sentence(settings: Settings, slug: str, tmp_path: Path) -> None:
    file, latin, other = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.txt"
    file.write_text("naam\nJan\n")
    latin.write_bytes("id,text\n1,café\n".encode("latin-1"))
    other.write_text("text\nx\n")

    told = [
        run(settings, "import", str(file), "--consultation", slug),
        run(settings, "import", str(latin), "--consultation", slug),
        run(settings, "import", str(other), "--consultation", slug),
        run(settings, "import", str(other), "--consultation", "nergens", "--format", "csv"),
        run(settings, "export", "nergens"),
    ]

    assert [code for code, _ in told] == [1] * 5
    assert [text.strip().splitlines()[-1] for _, text in told] == [
        f"Error: {file} cannot be used: The first line must name a column `text`, or columns `title` and `body`.",
        f"Error: {latin} is not UTF-8; save it as UTF-8 and try again.",
        "Error: c.txt ends in neither .csv nor .jsonl; say which with --format.",
        "Error: There is no consultation 'nergens'.",
        "Error: There is no consultation 'nergens'.",
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"text": "x", "gewicht": 1e999}', "it is not a JSON object"),
        ('{"text": "x", "diep": ' + "[" * 40 + "]" * 40 + "}", "it is nested deeper than 32 levels"),
        ('{"text": "x", "diep": ' + "[" * 9_000 + "]" * 9_000 + "}", "it is not a JSON object"),
        ('{"text": "x", "getal": ' + "9" * 5_000 + "}", "it is not a JSON object"),
        ('{"text": "\\u0000\\ud800"}', "it has no text"),
        ('{"text": "x", "created_at": "0001-01-01T00:00:00+14:00"}', "its created_at"),
        ('{"text": "x", "created_at": "9999-12-31T23:59:59-14:00"}', "its created_at"),
    ],
)
def test_a_line_that_no_database_could_keep_is_named(line: str, why: str) -> None:
    [(number, told)] = bad(line, "jsonl")
    assert (number, told.startswith(why)) == (1, True)


def test_what_was_exported_is_read_back_as_it_was_written() -> None:
    texts = ["=1+1", "'=1", "- een\n- twee", "een;+31 6", "“=x”", "gewoon"]
    file = "id,text\r\n" + "".join(exports.csv_line([number, text]) for number, text in enumerate(texts))

    assert [row.body for row in read(file) if isinstance(row, Row)] == texts
