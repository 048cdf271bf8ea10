import pytest

from accounts.names import sounds_official
from tests.hostile.corpus import LANGUAGES, names


@pytest.mark.parametrize(
    "name",
    [
        *names(),
        "Secretariaat panel",
        "rnoderator",
        "M.o.d.e.r.a.t.o.r",
        "A d m i n",
        "Ambtenaar Jansen",
        "Griffie",
        "moderat0r1",
    ],
)
def test_nobody_poses_as_staff(name: str) -> None:
    assert sounds_official(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "Aaltje Bron",
            "Jan Burgemeester",
            "Fatima el Amrani",
            "'t Hart",
            "Inwoner van Waterveen",
            "Familie Modderman",
        ),
        *(
            "Piet Secreve",
            "Ad Mink",
            "Admiraal",
            "Nguyễn Thị Hoa",
            "علی‌رضا",
            "Een buurtbewoner",
            "De Redder",
            "Jan de Griffier",
        ),
        *("Anke Gemen", "Modest", "Collegeweg 3", "B. Heer", *LANGUAGES.values()),
    ],
)
def test_people_may_go_by_their_own_name(name: str) -> None:
    assert not sounds_official(name)
