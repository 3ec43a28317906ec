"""`aftersail people`, and the first administrator of `aftersail up`."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from rich.console import Console
from sqlalchemy.engine import Engine
from typer.testing import CliRunner

from aftersail.first_admin import first_admin_link
from aftersail.people_commands import people_app
from aftersail.start import start
from core.database import reading
from core.errors import NotFound, SetupError
from core.schema_desk import agents, audit_log
from core.settings import Settings
from desk.people.links import LINK_S, link_owner, use_link
from tests.support.live import free_port
from tests.support.records import new_engine

NOW = 1_795_000_000.0


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The database that the commands work on."""
    monkeypatch.setenv("AFTERSAIL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AFTERSAIL_PUBLIC_URL", "https://help.example/")
    monkeypatch.chdir(tmp_path)
    return new_engine(tmp_path)


def run(*arguments: str) -> Result:
    """`aftersail people ARGUMENTS`."""
    return CliRunner().invoke(people_app, list(arguments))


def row(engine: Engine, name: str) -> sa.Row:
    """The account."""
    with reading(engine) as connection:
        return connection.execute(sa.select(agents).where(agents.c.name == name)).one()


def test_somebody_is_added_with_a_link(data: Engine) -> None:
    done = run("add", "nina", "--role", "lead", "--markets", "DE,FR", "--languages", "de,fr", "--email", "N@X.example")
    assert done.output.startswith("https://help.example/desk/link?token=")
    nina = row(data, "nina")
    assert (nina.role, nina.markets, nina.languages, nina.email) == ("lead", ["DE", "FR"], ["de", "fr"], "n@x.example")
    assert (nina.display_name, nina.password_hash) == ("nina", "")
    assert "nina" in run("list").output
    with reading(data) as connection:
        written = connection.execute(sa.select(audit_log)).all()
    assert [(entry.who, entry.action) for entry in written] == [("cli", "account_created"), ("cli", "link_made")]
    assert done.output.strip().partition("token=")[2] not in str(written)


@pytest.mark.parametrize(
    ("arguments", "zone", "interface", "capacity"),
    [
        (["--markets", "DE", "--languages", "de,en"], "Europe/Berlin", "en", 6),
        (["--markets", "JP", "--languages", "zh,en"], "Asia/Tokyo", "zh", 6),
        (["--markets", "DE,JP"], "UTC", "en", 6),
        (["--time-zone", "Asia/Taipei", "--interface", "zh", "--capacity", "3"], "Asia/Taipei", "zh", 3),
    ],
)
def test_their_clock_and_words_are_those_of_the_market_or_as_told(
    data: Engine, arguments: list[str], zone: str, interface: str, capacity: int
) -> None:
    assert run("add", "nina", *arguments).exit_code == 0
    nina = row(data, "nina")
    assert (nina.time_zone, nina.interface, nina.capacity) == (zone, interface, capacity)


def test_an_account_is_switched_off_and_on(data: Engine) -> None:
    run("add", "root", "--role", "admin")
    run("add", "nina")
    assert run("disable", "nina").exit_code == 0
    assert row(data, "nina").state == "disabled"
    assert "Switch it on" in str(run("link", "nina").exception)
    assert run("enable", "nina").exit_code == 0
    assert run("link", "nina").output.startswith("https://")


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (["add", "Nina X"], SetupError, "name"),
        (["add", "root"], SetupError, "already"),
        (["add", "nina", "--markets", "XX"], SetupError, "--markets"),
        (["add", "nina", "--markets", ""], SetupError, "--markets"),
        (["add", "nina", "--languages", "tlh"], SetupError, "tlh"),
        (["add", "nina", "--time-zone", "Berlin"], SetupError, "Europe/Berlin"),
        (["add", "nina", "--time-zone", "??"], SetupError, "America/New_York"),
        (["add", "nina", "--interface", "de"], SetupError, "en, zh"),
        (["add", "nina", "--capacity", "0"], SetupError, "1 to 50"),
        (["disable", "root"], SetupError, "last active administrator"),
        (["link", "nobody"], NotFound, "people list"),
        (["disable", "nobody"], NotFound, "people list"),
        (["enable", "nobody"], NotFound, "people list"),
    ],
)
def test_what_is_wrong_is_said(data: Engine, arguments: list[str], error: type, says: str) -> None:
    run("add", "root", "--role", "admin")
    done = run(*arguments)
    assert isinstance(done.exception, error)
    assert says in str(done.exception)


def test_the_first_start_makes_one_administrator(data: Engine) -> None:
    token = first_admin_link(data, NOW).partition("token=")[2]
    with reading(data) as connection:
        owner = link_owner(connection, token, NOW + LINK_S - 1)
        assert owner is not None
        assert (owner.name, owner.role, owner.markets) == ("admin", "admin", ("*",))
        assert link_owner(connection, token, NOW + LINK_S + 1) is None


def test_a_start_after_one_that_failed_prints_a_link_again_until_it_was_used(data: Engine) -> None:
    lost, again = (first_admin_link(data, NOW).partition("token=")[2] for _ in range(2))
    with data.begin() as connection:
        assert link_owner(connection, lost, NOW + 1) is None
        owner = use_link(connection, again, NOW + 1)
        assert owner is not None
        connection.execute(sa.update(agents).where(agents.c.id == owner.id).values(password_hash="set"))
    assert first_admin_link(data, NOW + 2) == ""


def test_nobody_is_made_where_somebody_is(data: Engine) -> None:
    run("add", "nina")
    assert first_admin_link(data, NOW) == ""


def test_half_a_provider_is_refused_at_the_start(data: Engine, tmp_path: Path) -> None:
    half = Settings(data_dir=tmp_path, port=free_port(), oidc_issuer="https://id.example", oidc_client_id="aftersail")
    with pytest.raises(SetupError, match="AFTERSAIL_OIDC_CLIENT_SECRET"):
        start(half, Console(quiet=True))
