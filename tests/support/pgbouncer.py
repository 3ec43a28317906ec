"""A PgBouncer of the tests' own before their PostgreSQL. Skips the test, with the reason, where it is not installed."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL

PORT = 6432
START_S = 10.0
CONFIGURATION = """
[databases]
* = host={host}{port} user={user}
[pgbouncer]
listen_addr =
listen_port = {own_port}
unix_socket_dir = {folder}
auth_type = any
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
"""


@contextmanager
def pooled(url: URL, mode: str, size: int) -> Iterator[URL]:
    """The address through a pooler. `mode`: transaction or session; `size`: its connections to PostgreSQL."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not program:
        pytest.skip("PgBouncer is not installed (Debian's package `pgbouncer`)")
    folder = Path(tempfile.mkdtemp(prefix="aftersail-pgb-", dir="/tmp"))  # a socket's path is short
    user = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}  # it refuses to be run by root
    port = f" port={url.port}" if url.port else ""
    given = {"host": url.query.get("host") or url.host, "port": port, "user": url.username, "own_port": PORT}
    (folder / "users").write_text(f'"{url.username}" "{url.password or ""}"\n')
    (folder / "ini").write_text(CONFIGURATION.format(**given, folder=folder, mode=mode, size=size))
    if user:
        shutil.chown(folder, **user)
    process = subprocess.Popen([program, "-q", folder / "ini"], **user, stderr=subprocess.DEVNULL)
    try:
        through = url.set(host=None, port=None).update_query_dict({"host": str(folder), "port": str(PORT)})
        _wait(through, process)
        yield through
    finally:
        process.kill()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(url: URL, process: "subprocess.Popen[bytes]") -> None:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    deadline = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PgBouncer did not start: {error}") from error
        time.sleep(0.05)
