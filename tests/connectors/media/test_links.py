import jwt
import pytest

from connectors.media.links import DAY_S, LIFETIME_S, MediaLinks
from core.errors import SetupError
from tests.connectors.media.conftest import Clock

SECRET = "s" * 64
ID, OTHER = "a" * 32, "b" * 32


def links(clock: Clock, secret: str = SECRET) -> MediaLinks:
    return MediaLinks(secret, "https://chat.example/desk/", clock)


def token_of(link: str) -> str:
    start = "https://chat.example/desk/media/"
    assert link.startswith(start)
    return link.removeprefix(start)


def test_a_link_names_one_file() -> None:
    clock = Clock()
    assert links(clock).read(token_of(links(clock).link(ID))) == ID


def test_a_link_is_the_same_all_day() -> None:
    clock = Clock(1_800_000_000 // DAY_S * DAY_S)
    made = links(clock)
    first = made.link(ID)
    clock.now += DAY_S - 1
    assert made.link(ID) == first
    clock.now += 1
    assert made.link(ID) != first


def test_a_link_lives_for_thirty_days_and_no_longer_than_one_more() -> None:
    clock = Clock()
    made = links(clock)
    token = token_of(made.link(ID))
    clock.now += LIFETIME_S
    assert made.read(token) == ID
    clock.now += DAY_S
    assert made.read(token) is None


def signed(secret: str = SECRET, algorithm: str = "HS256", **changes: object) -> str:
    claims = {"aud": "media", "sub": ID, "exp": 1_900_000_000, **changes}
    return jwt.encode({key: value for key, value in claims.items() if value is not None}, secret, algorithm=algorithm)


@pytest.mark.parametrize(
    "token",
    [
        "", "x", "a.b.c", "../../etc/passwd", "x" * 5_000, "\u0660.\u0660.\u0660",
        signed("t" * 64), signed(algorithm="HS512"), signed("", "none"), signed(aud="webchat"), signed(aud=None),
        signed(exp=None), signed(sub="../x"), signed(sub=None), signed(exp=1),
    ],
)  # fmt: skip
def test_what_we_did_not_sign_for_a_file_names_none(token: str) -> None:
    assert links(Clock()).read(token) is None


def test_a_changed_token_names_none() -> None:
    made = links(Clock())
    one, other = token_of(made.link(ID)).split("."), token_of(made.link(OTHER)).split(".")
    assert made.read(".".join([one[0], other[1], one[2]])) is None
    assert made.read(".".join(one)) == ID


@pytest.mark.parametrize(
    ("secret", "url"),
    [("short", "https://chat.example"), (SECRET, ""), (SECRET, "chat.example"), (SECRET, "ftp://chat.example"),
     (SECRET, "https://chat.example/?a=b")],
)  # fmt: skip
def test_a_wrong_setting_is_told(secret: str, url: str) -> None:
    with pytest.raises(SetupError):
        MediaLinks(secret, url)
