"""A PostgreSQL server of the tests' own, and a new database on it for each data folder.

`AFTERSAIL_TEST_POSTGRES=1 pytest …` runs any suite on PostgreSQL; instead of 1 the address of a server's database whose
user may create others. Without it SQLite is used, as everywhere.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from core.database import migrate, open_engine
from core.settings import Settings
from core.tables import metadata
from tests.support.installation import cannot_run

VARIABLE = "AFTERSAIL_TEST_POSTGRES"
TEMPLATE = "aftersail_template"
CONFIGURATION = {
    "listen_addresses": "",  # a socket in its own folder, so no port can be taken
    "max_connections": "300",  # tests leave engines open
    "fsync": "off",  # the cluster is thrown away
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
}
_made: dict[Path, URL] = {}
_free: list[URL] = []


def is_wanted() -> bool:
    """Whether this run of the tests is to be on PostgreSQL."""
    return bool(os.environ.get(VARIABLE))


@cache
def server() -> URL:
    """The address of the server's first database. Skips the test, with the reason, where there is no PostgreSQL."""
    given = os.environ.get(VARIABLE, "")
    return make_url(given) if "://" in given else _start()


def new_database(template: str = TEMPLATE) -> URL:
    """A new database: migrated, or a copy of another `template`; `template0` is empty."""
    if template == TEMPLATE:
        _template()
    name = f"test_{os.getpid()}_{time.monotonic_ns()}"
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server().set(database=name)


def drop(url: URL) -> None:
    """Take the database away, whoever is connected to it."""
    _run(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


def database_of(settings: Settings) -> str:
    """The address of the data folder's database, which is made when it is asked for first."""
    folder = settings.data_dir.resolve()
    if folder not in _made:
        _made[folder] = _free.pop() if _free else new_database()
    return _made[folder].render_as_string(hide_password=False)


def free_below(folder: Path) -> None:
    """Empty the databases of data folders in `folder`, for other ones: a new one takes 0.3 s, emptying it 0.02 s."""
    for made in [path for path in _made if path.is_relative_to(folder.resolve())]:
        url = _made.pop(made)
        _empty(url)
        _free.append(url)


@cache
def _template() -> None:
    _run(f'DROP DATABASE IF EXISTS "{TEMPLATE}"')
    _run(f'CREATE DATABASE "{TEMPLATE}" TEMPLATE template0')
    url = server().set(database=TEMPLATE).render_as_string(hide_password=False)
    engine = open_engine(Settings(_env_file=None, database_url=url))
    migrate(engine)
    engine.dispose()  # a template is copied only while nobody is connected to it


def cut_off(url: URL) -> None:
    """End whatever is connected to the database, as a restart of the server does."""
    _run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'")


def _empty(url: URL) -> None:
    cut_off(url)
    tables = "; ".join(f'DELETE FROM "{name}"' for name in metadata.tables)
    counters = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
    # Without triggers rows may go in any order, and nobody is told.
    _run(f"SET session_replication_role = replica; {tables}; {counters}", url.database)


def _run(statement: str, database: str | None = None) -> None:
    address = server().set(drivername="postgresql", database=database or server().database)
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement.encode())


def _programs() -> Path:
    """The folder of initdb and postgres."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql*/bin")]
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    found = sorted((path for path in folders if (path / "initdb").exists() and (path / "postgres").exists()), key=str)
    if not found:
        cannot_run("PostgreSQL is not installed (Debian's package `postgresql`); `make postgres` installs it")
    return found[-1]


def _start() -> URL:
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="aftersail-pg-", dir="/tmp"))  # a socket's path is short
    user = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}  # postgres refuses to be run by root
    if user:
        shutil.chown(folder, **user)
    options = [f"-c{name}={value}" for name, value in {**CONFIGURATION, "unix_socket_directories": folder}.items()]
    data = ["-D", str(folder / "data")]
    arguments = ["--no-sync", "--auth=trust", "--username=aftersail", "--encoding=UTF8", "--locale=C"]
    subprocess.run([programs / "initdb", *data, *arguments], **user, cwd=folder, check=True, capture_output=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([programs / "postgres", *data, *options], **user, cwd=folder, stdout=log, stderr=log)
    atexit.register(_stop, process, folder)
    url = URL.create("postgresql", username="aftersail", database="postgres", query={"host": str(folder)})
    _wait([programs / "pg_isready", "-q", "-h", str(folder)], process, folder / "log")
    return url


def _wait(ready: Sequence[str | Path], process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while subprocess.run(ready, check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
        time.sleep(0.05)


def _stop(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    process.send_signal(signal.SIGQUIT)  # at once: nothing is kept
    process.wait(10)
    shutil.rmtree(folder, ignore_errors=True)
