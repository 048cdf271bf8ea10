"""In a real browser, on a phone: somebody takes their data along, and has their account erased. Without scripts too."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window, sign_in
from tests.browser.test_second_factor import Reader
from tests.journeys.site import Site


@pytest.mark.timeout(300)
@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_takes_their_data_along_and_leaves(
    window: Window, site: Site, tmp_path: Path, javascript: bool
) -> None:
    page = window(width=320, javascript=javascript).new_page()
    sign_in(page, site, "resident")
    reader = Reader(page, site)
    page.goto(f"{site.url}/account")
    with page.expect_navigation():
        page.get_by_role("link", name="Bekijk wat wij over u hebben").click()
    for name, form in (("Haal mijn gegevens op om te lezen", "html"), ("voor een computerprogramma", "json")):
        with page.expect_download() as coming:
            page.get_by_role("link", name=name).click()
        coming.value.save_as(tmp_path / form)
    assert "bewoner@waterveen.example" in (tmp_path / "html").read_text(encoding="utf-8")
    assert "person" in {one["table"] for one in json.loads((tmp_path / "json").read_text(encoding="utf-8"))["tables"]}
    if javascript:
        reader.look("own data")
    with page.expect_navigation():
        page.get_by_role("link", name="Mijn account verwijderen").focus()
        page.keyboard.press("Enter")
    if javascript:
        reader.look("the first question")
    with page.expect_navigation():
        page.get_by_role("link", name="Ga verder met verwijderen").focus()
        page.keyboard.press("Enter")
    page.get_by_label("Ja, verwijder mijn account").focus()
    page.keyboard.press("Space")
    if javascript:
        reader.look("the second question")
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Verwijder mijn account").focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw account is verwijderd")
    page.goto(f"{site.url}/account")
    expect(page).to_have_url(f"{site.url}/sign-in?next=/account")
    if javascript:
        page.goto(f"{site.url}/kept")
        reader.look("what is kept")
    assert reader.wrong == []
