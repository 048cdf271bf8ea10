"""Logs name nobody, let nobody in, and keep to one line."""

import json
import logging
import re
from collections.abc import Iterator
from time import process_time

import pytest
import structlog
from litestar import Litestar

from kernel.db import Database
from klankbord.logs import set_up_logs
from klankbord.veils import veil
from tests.visitor import Visitor

SECRET = "vQ3xN9-hT2mBz7Rk_0aLwYc4PdEuJsGf"
HOSTILE = "a\nlevel=error event=forged\r\x1b[2J\u2028\u202eb\x85\x00c\x7f"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Key (email)=(jo.de-vries+tag@waterveen.example) exists", "Key (email)=([mail]) exists"),
        ("550 <jo@waterveen.example>: no", "550 <[mail]>: no"),
        ("from 192.0.2.7:4711 to 2001:db8:1:2::9", "from [address]:4711 to [address]"),
        ("::1 and fe80::1", "[address] and [address]"),
        (f"/sign-in/{SECRET} and ?token={SECRET}", "/sign-in/[secret] and ?token=[secret]"),
        (
            "at 12:03:44, line 12, 3.11.7, klankbord.worker.Worker",
            "at 12:03:44, line 12, 3.11.7, klankbord.worker.Worker",
        ),
        ("test_what_was_typed_is_sent_again_with_one_button", "test_what_was_typed_is_sent_again_with_one_button"),
        ("2026-11-22T09:20:23.123456Z", "2026-11-22T09:20:23.123456Z"),
    ],
)
def test_people_machines_and_secrets_are_veiled_and_the_rest_is_not(text: str, left: str) -> None:
    assert veil(text) == left


@pytest.mark.parametrize("part", ["a@", "1.", "1:", "aA1", "a@b", "1.1.1.1.", ":", "@", "aA1-", " a"])
def test_no_text_takes_long(part: str) -> None:
    began = process_time()

    veil(part * (100_000 // len(part)))

    assert process_time() - began < 0.2


@pytest.fixture(autouse=True)
def only_our_own_handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Those of the test runner write as well, and what is set up here is gone afterwards."""
    before = structlog.get_config()
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    yield
    structlog.configure(**before)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_hostile_text_stays_on_its_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(form)

    structlog.get_logger().warning("said", text=HOSTILE, by="jo@waterveen.example")
    logging.getLogger("uvicorn.error").warning("said %s", HOSTILE)
    logging.getLogger("asyncio").error("went wrong", exc_info=ValueError(f"{HOSTILE} jo@waterveen.example"))

    lines = capsys.readouterr().err.split("\n")
    assert (len(lines), lines[-1]) == (4, "")
    for line in lines:
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u202e]", line)
        assert "waterveen.example" not in line
    if form == "json":
        assert [json.loads(line)["level"] for line in lines[:-1]] == ["warning", "warning", "error"]


async def test_a_mistake_of_ours_is_logged_without_its_address_or_what_was_sent(
    app: Litestar,
    database: Database,
    visitor: Visitor,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("for jo@waterveen.example")

    monkeypatch.setattr("accounts.sign_in.use", break_down)
    set_up_logs("text")
    await visitor.open("/sign-in")
    token = visitor.forms[-1].fields["_csrf_token"][0]

    answer = await visitor.http.post(
        f"/sign-in/{SECRET}", data={"_csrf_token": token}, headers={"origin": visitor.site}
    )

    told = capsys.readouterr().err
    assert (answer.status_code, "request failed" in told, "/sign-in/{" in told) == (500, True, True)
    assert SECRET not in told
    assert "waterveen.example" not in told
