"""`aftersail doctor`: checks what Aftersail needs, and says how to mend each."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from rich.console import Console
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from aftersail.channel_checks import check_channels
from aftersail.helpdesk_commands import check_helpdesks
from aftersail.promise_commands import check_promises
from aftersail.supervisor import check_port
from aftersail.training import is_current
from aftersail.translators import NO_ENGINE, translation_options
from bot.model_file import model_path
from conversations.dead_letters import DeadLetters
from conversations.delivery_model import State
from conversations.inbox import Inbox
from core import release_pointer
from core.database import LISTENING, migrate, open_engine, open_listening, reading, remedy, shown
from core.errors import AftersailError, SetupError
from core.settings import Settings
from core.wakeups import Notifier
from knowledge.content import load_content
from knowledge.lint import lint
from knowledge.model_build import check_embedder
from knowledge.release import load_release
from languages.translation.argos_packages import PackageStore
from languages.translation.open_engine import open_engine as open_translation_engine
from languages.translation.package_check import damaged_files
from orders.demo_store import open_order_source

MIN_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Check:
    """One thing that must be right; `examine` returns what was found, or raises what to do."""

    name: str
    examine: Callable[[Settings], str]


def examine(settings: Settings, console: Console) -> int:
    """Number of checks that failed; each is printed with its remedy."""
    failed = 0
    for check in _checks():
        try:
            console.print(f"[green]ok[/green]    {check.name}: {check.examine(settings)}")
        except (AftersailError, DBAPIError, OSError) as error:
            failed += 1
            console.print(f"[red]wrong[/red] {check.name}: ", end="")
            console.print(_said(error), markup=False, soft_wrap=True)
    console.print("All is well." if not failed else f"{failed} thing(s) to mend.")
    return failed


def _said(error: Exception) -> str:
    return f"{error.orig}. {remedy(error)}" if isinstance(error, DBAPIError) else str(error)


def _checks() -> Iterator[Check]:
    yield Check("data folder", _data_folder)
    yield Check("disk", _disk)
    yield Check("port", _port)
    yield Check("database", _database)
    yield Check("embedder", _embedder)
    yield Check("dialogue model", _model)
    yield Check("content", _content)
    yield Check("release", _release)
    yield Check("orders", _orders)
    yield Check("translation", _translation)
    yield Check("channels", check_channels)
    yield Check("what vendors told", _events)
    yield Check("messages to send", _outbox)
    yield Check("helpdesks", check_helpdesks)
    yield Check("promises", check_promises)


def _data_folder(settings: Settings) -> str:
    probe = settings.data_dir / ".doctor"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe.write_text("x")
        probe.unlink()
    except OSError as error:
        raise SetupError(
            f"{settings.data_dir}: {error.strerror}; make it writable for this user or set AFTERSAIL_DATA_DIR"
        ) from error
    return str(settings.data_dir)


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data_dir).free
    if free < MIN_FREE_BYTES:
        raise SetupError(f"only {free / 1e6:.0f} MB are free in {settings.data_dir}; free at least 1 GB")
    return f"{free / 1e9:.1f} GB free"


def _port(settings: Settings) -> str:
    if Notifier(settings.run_dir).wake("web"):
        return f"{settings.port} is served by Aftersail"
    check_port(settings)
    return f"{settings.host}:{settings.port} is free"


def _database(settings: Settings) -> str:
    engine = open_engine(settings)
    migrate(engine)
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            answer = connection.execute(sa.text("PRAGMA quick_check")).scalar_one()
            if answer != "ok":
                raise SetupError(f"{shown(engine.url)}: {answer}; stop Aftersail and restore a backup")
        elif (encoding := connection.execute(sa.text("SHOW server_encoding")).scalar_one()) != "UTF8":
            raise SetupError(f"the database is written in {encoding}; make a new one with ENCODING 'UTF8'")
    _hear(open_listening(settings, engine))
    return shown(engine.url)


def _hear(engine: Engine) -> None:
    try:
        with reading(engine) as connection:
            connection.execute(sa.text("SELECT 1"))
    except DBAPIError as error:
        raise SetupError(f"{LISTENING}: {error.orig}. {remedy(error, LISTENING)}") from error


def _embedder(settings: Settings) -> str:
    if settings.embedder != "builtin":
        return settings.embedder
    check_embedder(settings.models_dir)
    return "built in, every file as it was built"


def _model(settings: Settings) -> str:
    path = model_path(settings)
    if not is_current(settings):
        raise SetupError(f"{path} was trained from other files than there are now; run `aftersail train`")
    return str(path)


def _content(settings: Settings) -> str:
    content = load_content(settings.content_dir)
    report = lint(content)
    if report.faults:
        raise SetupError("\n".join(str(fault) for fault in report.faults))
    return f"{len(content.entries)} FAQ entries, {len(content.markets)} markets, {len(report.warnings)} warning(s)"


def _release(settings: Settings) -> str:
    current = release_pointer.current(open_engine(settings))
    if current is None:
        raise SetupError("nothing is published; run `aftersail publish`")
    load_release(settings.releases_dir / current)
    return current


def _orders(settings: Settings) -> str:
    source = open_order_source(settings)
    source.find("ORK-0000000")
    return type(source).__name__


def _translation(settings: Settings) -> str:
    """Pairs that can be translated. To have none is no fault: the desk says so, and everything else works."""
    if settings.translation_engine == NO_ENGINE:
        return "switched off"
    if settings.translation_engine == "argos":
        _check_packages(PackageStore(settings.packages_dir))
    pairs = open_translation_engine(translation_options(settings)).pairs()
    if not pairs:
        return "no language packages; `aftersail languages install` adds them"
    return f"{settings.translation_engine}: " + ", ".join(sorted(map(str, pairs)))


def _check_packages(store: PackageStore) -> None:
    wrong = list(store.broken().values())
    for package in store.packages():
        wrong += [f"{package.name}: {name} was changed after the installation" for name in damaged_files(package)]
    if wrong:
        raise SetupError("; ".join(wrong) + "; remove them with `aftersail languages remove`, install them again")


def _events(settings: Settings) -> str:
    counts = Inbox(open_engine(settings), "doctor").counts()
    if counts.get("failed"):
        raise SetupError(
            f"{counts['failed']} event(s) could not be applied; the log says why, `aftersail outbox events` tries again"
        )
    return f"{counts.get('waiting', 0)} event(s) wait to be applied"


def _outbox(settings: Settings) -> str:
    stopped = DeadLetters(open_engine(settings)).list()
    failed = [letter for letter in stopped if letter.delivery.state == State.FAILED]
    if failed:
        raise SetupError(f"{len(failed)} message(s) could not be sent; `aftersail outbox` says why and what to do")
    return f"{len(stopped)} held, none failed"
