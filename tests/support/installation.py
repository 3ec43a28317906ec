"""A working installation in a folder of its own: the trained model, a copy of the release, today's demo orders."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.engine import Engine

from core import release_pointer
from core.database import migrate, open_engine
from core.release_pointer import ReleaseRecord
from core.settings import PROJECT, Settings
from knowledge.manifest import MANIFEST, file_digest, read_manifest
from orders.demo_store import DemoOrderStore, open_order_source
from orders.model import Order, State

MODEL_FILES = ("rasa.tar.gz", "multilingual-e5-small/manifest.json")
PREFIX = "AFTERSAIL_"


def cannot_run(reason: str) -> NoReturn:
    """Skips the test; fails it on a CI machine, where everything must be there."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{reason} (CI=true: nothing may be skipped)")
    pytest.skip(reason)


@dataclass(frozen=True)
class Installation:
    """What `aftersail` works on; nothing in it is shared with the project's own var/ but the models, read only."""

    settings: Settings

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.settings.data_dir

    @cached_property
    def engine(self) -> Engine:
        """The database."""
        return open_engine(self.settings)

    @property
    def orders(self) -> DemoOrderStore:
        """The demo orders."""
        source = open_order_source(self.settings)
        assert isinstance(source, DemoOrderStore)
        return source

    def order(self, market: str, state: State) -> Order:
        """The market's first demo order in the state that travels in one parcel at most."""
        for listed in self.orders.demo_orders(market):
            order = self.orders.find(listed.number)
            if order and order.state == state and len(order.parcels) < 2:
                return order
        raise LookupError(f"{market} has no {state} order")

    def remove_model(self, name: str) -> None:
        """Take a file or folder out of the models; the project's own stay as they are."""
        folder = self.settings.models_dir
        kept = [path.resolve() for path in folder.iterdir() if path.name != name]
        folder.unlink()
        folder.mkdir()
        for path in kept:
            (folder / path.name).symlink_to(path)

    def remove_database(self) -> Path:
        """Take the database away; its path comes back."""
        self.engine.dispose()
        path = self.folder / "aftersail.db"
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        return path

    def environment(self, **more: str) -> dict[str, str]:
        """Variables for a process that works on this installation, and on no other one."""
        address = self.settings.database
        others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return {
            **others,
            "PYTHONPATH": str(PROJECT),
            f"{PREFIX}DATA_DIR": str(self.folder),
            **({} if address.startswith("sqlite") else {f"{PREFIX}DATABASE_URL": address}),
            **{f"{PREFIX}{name}": value for name, value in more.items()},
        }

    def command(self, *arguments: str) -> Sequence[str]:
        """The command line of `aftersail ARGUMENTS`."""
        return [sys.executable, "-m", "aftersail.cli", *arguments]

    def run(self, *arguments: str, stdin: bytes = b"", timeout_s: float = 120, **more: str) -> "Finished":
        """`aftersail ARGUMENTS` run to its end; `more` are settings without their prefix."""
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            env=self.environment(**more),
            cwd=self.folder,  # no .env of the project's own
            timeout=timeout_s,
            check=False,
        )
        return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str


def install(folder: Path) -> Installation:
    """An installation in `folder`, in a second: nothing is trained, no vector is made. Skips where nothing is built."""
    built = Settings(_env_file=None)
    release = _newest_release(built)
    missing = [name for name in MODEL_FILES if not (built.models_dir / name).is_file()]
    if missing or release is None:
        what = ", ".join(missing) or "a release"
        cannot_run(f"{what} is missing in {built.data_dir}; run `make build train publish`")
    installation = Installation(Settings(_env_file=None, data_dir=folder))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models").symlink_to(built.models_dir.resolve())
    _publish_copy(installation, release)
    open_order_source(installation.settings)
    return installation


def _newest_release(settings: Settings) -> Path | None:
    folders = sorted(path.parent for path in settings.releases_dir.glob(f"[0-9]*/{MANIFEST}"))
    return folders[-1] if folders else None


def _publish_copy(installation: Installation, release: Path) -> None:
    copy = installation.settings.releases_dir / release.name
    shutil.copytree(release, copy)
    manifest = read_manifest(copy)
    migrate(installation.engine)
    record = ReleaseRecord(
        manifest.id, manifest.created_at, manifest.author, manifest.note, file_digest(copy / MANIFEST)
    )
    release_pointer.register(installation.engine, record)
