"""Codes that change with time: the numbers of the standard itself, and which of them count when."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import segno

from accounts import totp
from accounts.qr import BORDER, drawn
from tests.moments import NOON

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", appendix B of RFC 6238
RFC_CODES = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
HERE = totp.step_at(NOON)


@pytest.mark.parametrize("second", RFC_CODES)
def test_the_codes_are_those_of_the_standard(second: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)

    assert totp.code_at(RFC_SECRET, totp.step_at(at)) == RFC_CODES[second][-6:]


@pytest.mark.parametrize(
    ("seconds", "counts"),
    [(-31, False), (-30, True), (-1, True), (0, True), (29, True), (30, True), (59, True), (60, False)],
)
def test_a_code_counts_in_its_own_half_minute_and_in_those_beside_it(seconds: int, counts: bool) -> None:
    code = totp.code_at(RFC_SECRET, HERE)

    found = totp.step_of(code, secret=RFC_SECRET, after=0, now=NOON + timedelta(seconds=seconds))

    assert found == (HERE if counts else None)


@pytest.mark.parametrize("ahead", [-30, 30])
def test_a_phone_whose_clock_is_half_a_minute_off_is_believed(ahead: int) -> None:
    shown = totp.code_at(RFC_SECRET, totp.step_at(NOON + timedelta(seconds=ahead)))

    assert totp.step_of(shown, secret=RFC_SECRET, after=0, now=NOON) == HERE + ahead // 30


def test_a_step_that_was_used_counts_no_more_and_neither_does_an_older_one() -> None:
    codes = [totp.code_at(RFC_SECRET, HERE + beside) for beside in (-1, 0, 1)]

    found = [totp.step_of(code, secret=RFC_SECRET, after=HERE, now=NOON) for code in codes]

    assert found == [None, None, HERE + 1]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "12 345"])
def test_what_is_no_code_of_six_figures_never_counts(typed: str) -> None:
    assert totp.step_of(typed, secret=RFC_SECRET, after=0, now=NOON) is None


def test_a_new_secret_has_160_bits() -> None:
    made = {totp.new_secret() for _ in range(50)}

    assert (len(made), {len(one) for one in made}) == (50, {32})


def test_the_address_names_the_site_the_person_and_the_secret() -> None:
    address = totp.address(RFC_SECRET, account="mo@waterveen.example", issuer="Klankbord gemeente Waterveen")

    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Klankbord gemeente Waterveen:mo@waterveen.example"
    assert parse_qs(parts.query) == {"secret": [RFC_SECRET], "issuer": ["Klankbord gemeente Waterveen"]}


def test_the_drawing_has_exactly_the_black_squares_of_the_code() -> None:
    address = totp.address(RFC_SECRET, account="mo@waterveen.example", issuer="Klankbord gemeente Waterveen")
    expected = segno.make_qr(address, error="m")

    code = drawn(address)

    black = squares(code.path)
    assert code.size == len(expected.matrix) + 2 * BORDER
    assert black == {
        (x + BORDER, y + BORDER) for y, row in enumerate(expected.matrix) for x, is_black in enumerate(row) if is_black
    }


def squares(path: str) -> set[tuple[int, int]]:
    """The squares that an SVG path of runs paints black."""
    found: set[tuple[int, int]] = set()
    for run in path.split("z")[:-1]:
        corner, _, rest = run.removeprefix("M").partition("h")
        x, y = map(int, corner.split())
        length = int(rest.partition("v")[0])
        assert rest == f"{length}v1h-{length}"
        found |= {(x + step, y) for step in range(length)}
    return found


def test_a_secret_is_shown_in_groups_of_four() -> None:
    assert totp.in_groups(RFC_SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
