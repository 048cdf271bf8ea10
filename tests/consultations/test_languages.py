"""In which language a text is, and what it says in another: only when asked for, always beside the text itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from litestar import Litestar
from sqlalchemy import select

from accounts.models import Person
from consultations import ideas, translating
from consultations.languages import LANGUAGE_NAMES, language_of
from consultations.models import Idea
from consultations.states import IdeaState
from consultations.writing_models import Translation
from kernel.db import Database
from kernel.errors import NotFound
from kernel.settings import SettingsError
from klankbord.plugged_in import translator_from
from tests.builders import a_consultation, an_idea
from tests.moments import NOON
from tests.visitor import Visitor

WRITTEN = {
    "nl": "Zet bankjes langs de kade. Dan kan mijn moeder weer wandelen.",
    "en": "Please put more benches along the canal so that my mother can walk again.",
    "de": "Bitte stellen Sie mehr Bänke am Kanal auf, damit meine Mutter wieder spazieren gehen kann.",
    "fr": "Il faudrait plus de bancs le long du canal pour que ma mère puisse se promener.",
    "es": "Pongan más bancos a lo largo del canal para que mi madre pueda pasear.",
    "it": "Mettete più panchine lungo il canale, così mia madre può camminare.",
    "pt": "Ponham mais bancos ao longo do canal para a minha mãe poder passear.",
    "ca": "Poseu més bancs al llarg del canal perquè la meva mare pugui passejar.",
    "pl": "Proszę postawić więcej ławek nad kanałem, żeby moja mama mogła znowu spacerować.",
    "tr": "Kanal boyunca daha fazla bank olsa annem tekrar yürüyebilir.",
    "ro": "Puneți mai multe bănci pe malul apei, este foarte greu pentru mama mea să meargă.",
    "ar": "نريد المزيد من المقاعد على طول القناة حتى تتمكن أمي من المشي",
    "uk": "Поставте більше лавок вздовж каналу, щоб моя мама могла гуляти, це дуже важливо для нас.",
    "ru": "Поставьте больше скамеек вдоль канала, чтобы моя мама могла гулять, это очень важно для нас и не дорого.",
}


async def translate(texts: Sequence[str], *, source: str, target: str) -> Sequence[str]:
    """As an operator would plug it in; `tests.consultations.test_languages:translate`."""
    if any("TRAAG" in text for text in texts):
        await asyncio.sleep(60)
    if any("STUK" in text for text in texts):
        raise ConnectionError("away")
    return [f"[{source}→{target}] {text}" for text in texts if "WEG" not in text]


@pytest.mark.parametrize("code", WRITTEN)
def test_a_sentence_tells_its_language(code: str) -> None:
    assert language_of(WRITTEN[code], "nl") == code
    assert code in LANGUAGE_NAMES


@pytest.mark.parametrize("text", ["", "Bankjes", "Little Free Pantry", "12 34", "Repair Café in de wijk"])
def test_what_could_be_anything_is_in_the_language_of_the_form(text: str) -> None:
    assert (language_of(text, "nl"), language_of("Bankjes", "en")) == ("nl", "en")


async def test_the_language_is_noted_on_receipt_and_shown_to_who_reads_another(
    visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        await a_consultation(tx, slug="kade")
    await visitor.open("/consultations/kade/ideas/new")
    await visitor.press("Verstuur uw idee", body=WRITTEN["de"], email="neu@waterveen.example")
    async with database.write() as tx:
        [idea] = await tx.scalars(select(Idea))
        author = await tx.get_one(Person, idea.author_id)
        assert (idea.language, author.language) == ("de", "nl")
        await ideas.confirm(tx, idea=idea, now=NOON)
        await ideas.move(tx, idea=idea, to=IdeaState.PUBLISHED, actor_id=None, now=NOON)

    await visitor.open(f"/ideas/{idea.id}")

    assert "geschreven in het Duits" in visitor.text
    assert '<article class="prose" lang="de">' in visitor.text
    assert "Vertaal" not in visitor.text  # nobody plugged a service in


@pytest.fixture
def plugged_in(app: Litestar) -> None:
    """The application with a service of this test's own."""
    app.state.translator = translate
    app.state.settings = replace(app.state.settings, translate="tests.consultations.test_languages:translate")


@pytest.mark.usefixtures("plugged_in")
async def test_a_reader_has_a_text_translated_once_and_reads_the_original_one_click_away(
    visitor: Visitor, database: Database
) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, state=IdeaState.PUBLISHED, title="Bänke", body=WRITTEN["de"], language="de")
    await visitor.open(f"/ideas/{idea.id}")
    await visitor.press("Vertaal deze tekst")

    assert visitor.path == f"/ideas/{idea.id}/in/nl"
    assert "Dit is een vertaling door een computer" in visitor.text
    assert (f"[de→nl] {WRITTEN['de']}" in visitor.text, "het Duits" in visitor.text) == (True, True)
    await visitor.follow("Lees de tekst zelf")
    assert visitor.path == f"/ideas/{idea.id}"
    await visitor.follow("Lees een vertaling door een computer")
    async with database.write() as tx:
        assert [one.language for one in await tx.scalars(select(Translation))] == ["nl"]
        await ideas.withdraw(tx, idea=await tx.get_one(Idea, idea.id), actor_id=idea.author_id, now=NOON)
        assert (await tx.scalars(select(Translation))).all() == []


@pytest.mark.parametrize("body", ["STUK", "TRAAG", "WEG"])
async def test_a_service_that_is_away_slow_or_strange_leaves_the_text_as_it_is(
    database: Database, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translating, "PATIENCE", 0.05)
    async with database.write() as tx:
        idea = await an_idea(tx, state=IdeaState.PUBLISHED, body=body, language="de")

    with pytest.raises(translating.NotTranslated):
        await translating.translate(database, translate, idea_id=idea.id, language="nl", now=NOON)


@pytest.mark.parametrize(
    ("state", "language", "has_service"),
    [(IdeaState.RECEIVED, "de", True), (IdeaState.PUBLISHED, "nl", True), (IdeaState.PUBLISHED, "de", False)],
)
async def test_only_what_is_public_and_foreign_leaves_for_a_service_that_is_there(
    database: Database, state: IdeaState, language: str, has_service: bool
) -> None:
    async with database.write() as tx:
        idea = await an_idea(tx, state=state, language=language)

    with pytest.raises(NotFound):
        service = translate if has_service else None
        await translating.translate(database, service, idea_id=idea.id, language="nl", now=NOON)


def test_a_service_that_is_not_there_is_a_mistake_in_the_settings() -> None:
    assert translator_from("") is None
    assert translator_from("tests.consultations.test_languages:translate") is not None
    for setting in ("tests.nergens:translate", "tests.consultations.test_languages:nergens"):
        with pytest.raises(SettingsError):
            translator_from(setting)
