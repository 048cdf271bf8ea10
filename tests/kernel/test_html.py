import pytest

from kernel.html import MOST, TextTooLong, clean


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**Let op**", "<p><strong>Let op</strong></p>"),
        ("[lees](https://waterveen.example/stuk)", '<p><a href="https://waterveen.example/stuk">lees</a></p>'),
        ("[mail](mailto:panel@waterveen.example)", '<p><a href="mailto:panel@waterveen.example">mail</a></p>'),
        ("[weg](//evil.example)", "<p><a>weg</a></p>"),
        ("[weg](/binnen)", "<p><a>weg</a></p>"),
    ],
)
def test_markdown_becomes_the_allowed_tags(markdown: str, html: str) -> None:
    assert clean(markdown).strip() == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](java\x03script:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://a.example" onclick="x()">x</a>',
        "<style>*{display:none}</style>",
        "![x](https://tracker.example/p.png)",
    ],
)
def test_nothing_that_acts_comes_through(hostile: str) -> None:
    cleaned = clean(hostile)

    for sign in (
        "<script",
        "<img",
        "<style",
        'href="javascript:',
        'href="data:',
        '" onclick',
        '<a href="https://a.example" ',
    ):
        assert sign not in cleaned


def test_a_text_too_long_to_clean_quickly_is_refused() -> None:
    clean("<b>" * (MOST // 3))
    with pytest.raises(TextTooLong, match="5000"):
        clean("x" * (MOST + 1))
