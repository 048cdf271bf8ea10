import pytest

from klankbord.reception import content_security_policy
from tests.visitor import Visitor


@pytest.mark.parametrize("address", ["/sign-in", "/no-such-page", "/static/app.css", "/v1/no-such-thing", "/health"])
async def test_every_answer_carries_the_safe_headers(visitor: Visitor, address: str) -> None:
    page = await visitor.open(address)

    assert page.headers["content-security-policy"] == content_security_policy("")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in page.headers


def test_a_municipalitys_own_stylesheet_may_come_from_its_host() -> None:
    assert "style-src 'self';" in content_security_policy("")
    assert "style-src 'self' https://huisstijl.waterveen.example;" in content_security_policy(
        "https://huisstijl.waterveen.example/theme.css"
    )
    assert "'unsafe" not in content_security_policy("/static/theme.css")


async def test_personal_pages_are_not_kept_and_static_files_are(visitor: Visitor) -> None:
    assert (await visitor.open("/sign-in")).headers["cache-control"] == "no-store"
    assert (await visitor.open("/static/app.css")).headers.get("cache-control") != "no-store"


async def test_an_unknown_page_is_told_in_the_readers_language(visitor: Visitor) -> None:
    await visitor.open("/no-such-page")
    assert (visitor.status, '<html lang="nl">' in visitor.text) == (404, True)

    await visitor.press("English")
    await visitor.open("/no-such-page")

    assert (visitor.status, '<html lang="en">' in visitor.text) == (404, True)


async def test_a_form_from_another_site_is_refused(visitor: Visitor) -> None:
    await visitor.open("/sign-in")

    page = await visitor.http.post("/sign-in", data={"email": "jo@waterveen.example"})

    assert page.status_code == 403


@pytest.mark.parametrize(
    "next_path", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_the_way_back_after_signing_in_stays_on_this_site(visitor: Visitor, next_path: str) -> None:
    await visitor.open(f"/sign-in?next={next_path}")

    assert [form.fields["next"] for form in visitor.forms if "email" in form.fields] == [["/"]]
