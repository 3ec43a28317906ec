"""Signing in by a company's OpenID provider, which stands on loopback and checks what it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr
from starlette.testclient import TestClient

from core.errors import SetupError
from core.settings import Settings
from desk.people.openid import OpenIdProvider
from desk.people.openid_pages import BEGUN_COOKIE, BEGUN_S
from desk.web.routing import COOKIE
from tests.desk.people.browser import log, new_browser, row_of
from tests.support.desk import DeskWorld, MakeDesk
from tests.support.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdServer, serve

CALLBACK = "http://desk.test/desk/sign-in/openid/callback"
ANNA = {"sub": "subject-1", "email": "Anna@Example.com", "email_verified": True}


@dataclass
class World:
    """A desk and its provider."""

    desk: DeskWorld
    provider: OpenIdServer

    def begin(self, client: TestClient, wanted: str = "") -> str:
        """The address at the provider to which the browser is sent."""
        answer = client.get("/desk/sign-in/openid", params={"next": wanted} if wanted else {})
        assert answer.status_code == 303
        return answer.headers["location"]

    def sign_in(self, client: TestClient, wanted: str = ""):
        """The whole way."""
        return client.get(self.provider.consent(self.begin(client, wanted)))


@pytest.fixture
def world(make_desk: MakeDesk) -> Iterator[World]:
    """Anna is known by her address; the person at the provider is she."""
    clock: list[DeskWorld] = []
    provider = OpenIdServer(CALLBACK, lambda: clock[0].clock(), person=dict(ANNA))
    with serve(provider):
        desk = make_desk(
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=SecretStr(CLIENT_SECRET),
            public_url="http://desk.test",
        )
        clock.append(desk)
        desk.add_agent("anna", email="anna@example.com")
        yield World(desk, provider)


def test_somebody_who_is_known_gets_in(world: World) -> None:
    client = new_browser(world.desk)
    assert "/desk/sign-in/openid?next=%2Fdesk%2Fqueue" not in client.get("/desk/sign-in").text
    assert "/desk/sign-in/openid?next=/desk/queue" in client.get("/desk/sign-in?next=/desk/queue").text
    answer = world.sign_in(client, "/desk/queue")
    assert world.provider.faults == []
    assert answer.headers["location"] == "/desk/queue"
    assert client.get("/desk/profile").status_code == 200
    assert [row.action for row in log(world.desk)] == ["openid_linked", "sign_in"]


def test_the_subject_counts_once_it_is_known(world: World) -> None:
    world.sign_in(new_browser(world.desk))
    world.provider.person = {"sub": "subject-1", "email": "new@example.com", "email_verified": False}
    assert world.sign_in(new_browser(world.desk)).status_code == 303
    world.provider.person = {**ANNA, "sub": "subject-2"}  # somebody else who got her address
    assert world.sign_in(new_browser(world.desk)).status_code == 403


@pytest.mark.parametrize(
    "person",
    [
        {**ANNA, "email_verified": False},
        {**ANNA, "email_verified": "true"},
        {"sub": "subject-1", "email": "anna@example.com"},
        {**ANNA, "email": "eve@example.com"},
        {**ANNA, "email": ""},
        {"sub": "anna", "email_verified": True},
    ],
)
def test_nobody_else_gets_in(world: World, person: dict) -> None:
    world.provider.person = person
    client = new_browser(world.desk)
    assert world.sign_in(client).status_code == 403
    assert COOKIE not in client.cookies
    assert log(world.desk, "sign_in_failed")


def test_a_disabled_person_stays_out(world: World) -> None:
    world.desk.client("root", role="admin").post("/desk/people/id-anna/disable")
    assert world.sign_in(new_browser(world.desk)).status_code == 403
    assert row_of(world.desk, "anna").oidc_subject is None


def test_an_address_of_two_people_is_nobodys(world: World) -> None:
    world.desk.add_agent("twin", email="anna@example.com")
    assert world.sign_in(new_browser(world.desk)).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": [CLIENT_ID, "another-client"]},  # without azp
        {"azp": "another-client"},
        {"aud": "another-client", "azp": CLIENT_ID},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"exp": 1_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"at_hash": "wrong"},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_us_is_refused(world: World, changes: dict) -> None:
    world.provider.token_changes = changes
    assert world.sign_in(new_browser(world.desk)).status_code == 403


def _unsigned(_: OpenIdServer, claims: dict) -> str:
    return jwt.encode(dict(claims), "", "none", headers={"kid": "key-1"})


def _by_the_client_secret(_: OpenIdServer, claims: dict) -> str:
    return jwt.encode(dict(claims), CLIENT_SECRET * 2, "HS256", headers={"kid": "key-1"})


def _by_another_key(_: OpenIdServer, claims: dict) -> str:
    return jwt.encode(dict(claims), rsa.generate_private_key(65_537, 2_048), "RS256", headers={"kid": "key-1"})


def _by_an_unknown_key(_: OpenIdServer, claims: dict) -> str:
    return jwt.encode(dict(claims), rsa.generate_private_key(65_537, 2_048), "RS256", headers={"kid": "key-9"})


def _changed(server: OpenIdServer, claims: dict) -> str:
    head, _, tail = server.sign(claims).split(".")
    body = server.sign({**claims, "sub": "subject-9"}).split(".")[1]
    return f"{head}.{body}.{tail}"


def _no_token(_: OpenIdServer, _claims: dict) -> str:
    return ""


@pytest.mark.parametrize(
    "signer", [_unsigned, _by_the_client_secret, _by_another_key, _by_an_unknown_key, _changed, _no_token]
)
def test_an_id_token_that_is_not_signed_by_the_provider_is_refused(world: World, signer) -> None:
    world.provider.signer = signer
    assert world.sign_in(new_browser(world.desk)).status_code == 403


def test_the_providers_new_key_is_fetched(world: World) -> None:
    assert world.sign_in(new_browser(world.desk)).status_code == 303
    world.provider.key, world.provider.key_id = rsa.generate_private_key(65_537, 2_048), "key-2"
    assert world.sign_in(new_browser(world.desk)).status_code == 403  # not sooner than in a minute
    world.desk.clock.now += 61
    assert world.sign_in(new_browser(world.desk)).status_code == 303
    assert world.provider.requests.count("/keys") == 2


def test_only_the_browser_that_began_may_end_it(world: World) -> None:
    victim, eve = new_browser(world.desk), new_browser(world.desk)
    back = world.provider.consent(world.begin(eve))
    assert victim.get(back).status_code == 403  # began nothing
    world.begin(victim)
    assert victim.get(back).status_code == 403  # began something else
    assert COOKIE not in victim.cookies


@pytest.mark.parametrize("how", ["state", "no state", "late", "twice", "no code", "made-up code", "forged", "error"])
def test_what_does_not_belong_together_is_refused(world: World, how: str) -> None:
    client = new_browser(world.desk)
    back = world.provider.consent(world.begin(client))
    code, state = (parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state"))
    kept = client.cookies[BEGUN_COOKIE]
    query = {"code": code, "state": state}
    if how == "late":
        world.desk.clock.now += BEGUN_S + 1
    elif how == "twice":
        assert client.get(back).status_code == 303
        client.cookies.clear()
        client.cookies.set(BEGUN_COOKIE, kept)
    elif how == "forged":
        client.cookies.clear()
        claims = jwt.decode(kept, options={"verify_signature": False})
        client.cookies.set(BEGUN_COOKIE, jwt.encode(claims, "x" * 48, "HS256"))
    queries = {
        "state": {**query, "state": "x" * 43},
        "no state": {"code": code},
        "no code": {"state": state},
        "made-up code": {**query, "code": "x"},
        "error": {"state": state, "error": "access_denied"},
    }
    assert client.get(CALLBACK, params=queries.get(how, query)).status_code == 403
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/desk/sign-out"])
def test_one_stays_here(world: World, wanted: str) -> None:
    assert world.sign_in(new_browser(world.desk), wanted).headers["location"] == "/desk/"


@pytest.mark.parametrize(
    "change",
    [
        {"status": 500},
        {"status": 302},
        {"discovery_changes": {"issuer": "https://evil.example"}},
        {"discovery_changes": {"token_endpoint": "http://evil.example/token"}},
        {"discovery_changes": {"authorization_endpoint": "javascript:alert(1)"}},
        {"discovery_changes": {"jwks_uri": ""}},
    ],
    ids=str,
)
def test_a_provider_that_fails_is_told_as_such(world: World, change: dict) -> None:
    for name, value in change.items():
        setattr(world.provider, name, value)
    assert new_browser(world.desk).get("/desk/sign-in/openid").status_code == 503
    assert new_browser(world.desk).get("/desk/sign-in").status_code == 200  # a password still works


def test_nothing_is_there_without_settings(desk: DeskWorld) -> None:
    client = new_browser(desk)
    assert "openid" not in client.get("/desk/sign-in").text
    assert client.get("/desk/sign-in/openid").status_code == 404
    assert client.get("/desk/sign-in/openid/callback?code=x&state=x").status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"oidc_client_id": ""}, "CLIENT_ID"),
        ({"oidc_client_secret": SecretStr("")}, "CLIENT_SECRET"),
        ({"oidc_issuer": "http://id.example"}, "https"),
        ({"oidc_issuer": "id.example"}, "https"),
    ],
)
def test_half_settings_are_refused(changes: dict, says: str) -> None:
    whole = {"oidc_issuer": "https://id.example", "oidc_client_id": "x", "oidc_client_secret": SecretStr("y")}
    settings = Settings(_env_file=None, **{**whole, **changes})
    with pytest.raises(SetupError, match=says):
        OpenIdProvider.is_configured(settings)
