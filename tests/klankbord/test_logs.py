"""Whatever a request holds, it leaves one line in the log, in which nothing acts on the reader's screen."""

import json
from collections.abc import Iterator

import pytest
import structlog

from klankbord import logs
from klankbord.veils import veil
from tests.hostile.corpus import corpus

UNSEEN = {chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x202E, 0x2066, 0x200F)}


@pytest.fixture(autouse=True)
def set_up_as_before() -> Iterator[None]:
    """What is set up for logs here is gone afterwards."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.mark.parametrize("form", ["text", "json"])
def test_every_text_of_the_corpus_is_one_line_of_the_log(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.set_up_logs(form)
    log = structlog.get_logger()
    for text in corpus():
        log.error("request failed", path=f"/{text}", said=text)

    *lines, last = capsys.readouterr().err.split("\n")
    assert (len(lines), last) == (len(corpus()), "")
    assert [line for line in lines if UNSEEN.intersection(line)] == []
    if form == "json":
        assert [json.loads(line)["said"] for line in lines] == [veil(text) for text in corpus()]


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_went_wrong_stands_on_the_same_line(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.set_up_logs(form)
    try:
        raise ValueError("een\r\nlevel=info event=\x1b[2Jniets\u2028")
    except ValueError as error:
        structlog.get_logger().error("worker", exc_info=error)

    [line, last] = capsys.readouterr().err.split("\n")
    assert not UNSEEN.intersection(line)
    assert ("Traceback" in line, last) == (True, "")
