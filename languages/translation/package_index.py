"""Packages from the index that Argos publishes; needs a network."""

import logging
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.errors import AftersailError
from languages.translation.argos_library import argos_package
from languages.translation.argos_packages import PackageStore
from languages.translation.codes import load_codes
from languages.translation.engine import Pair, PairUnavailable

TIMEOUT = 20.0  # seconds without a byte
MAX_BYTES = 1_500_000_000
BLOCK = 1 << 20


class IndexUnreachable(AftersailError):
    """Argos's index, or a package in it, cannot be fetched."""


def download(store: PackageStore, pair: Pair) -> Path:
    """An archive for `pair` from Argos's index, in the staging folder; the caller removes it.

    Raises IndexUnreachable without a network, PairUnavailable when the index has no such package.
    """
    available = {(one.from_code, one.to_code): one for one in _index(store, pair)}
    for code in load_codes("argos").codes(pair):
        if code in available:
            return _fetch(store, pair, available[code])
    raise PairUnavailable(
        pair, f"Argos publishes none; install {pair.source}→en and en→{pair.target}, which are joined"
    )


def _index(store: PackageStore, pair: Pair) -> list[Any]:
    package = argos_package(store.argos_home)
    from argostranslate import settings

    Path(settings.local_package_index).parent.mkdir(parents=True, exist_ok=True)
    Path(settings.local_package_index).unlink(missing_ok=True)
    # argostranslate swallows the error, logs it, and get_available_packages then calls itself without end.
    with _bounded_sockets(), _quiet("argostranslate.utils"):
        package.update_package_index()
    if not Path(settings.local_package_index).exists():
        raise _unreachable(pair, f"no answer from {settings.remote_package_index}")
    try:
        found: list[Any] = package.get_available_packages()
    except (ValueError, AttributeError) as error:
        raise _unreachable(pair, f"{settings.remote_package_index} is no package index ({error})") from error
    return found


def _fetch(store: PackageStore, pair: Pair, available: Any) -> Path:
    import requests

    store.staging_dir.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=store.staging_dir)) / f"translate-{pair.source}_{pair.target}.argosmodel"
    problem = "the index gives no web address"
    for link in available.links:
        if not str(link).startswith(("https://", "http://")):
            continue
        try:
            _stream(requests, str(link), path)
            return path
        except (requests.RequestException, OSError) as error:
            problem = f"{link}: {error}"
    shutil.rmtree(path.parent, ignore_errors=True)
    raise _unreachable(pair, problem)


def _stream(requests: Any, link: str, path: Path) -> None:
    with requests.get(link, stream=True, timeout=TIMEOUT) as response, path.open("wb") as file:
        response.raise_for_status()
        for block in response.iter_content(BLOCK):
            file.write(block)
            if file.tell() > MAX_BYTES:
                raise OSError(f"longer than {MAX_BYTES / 1e6:.0f} MB")


def _unreachable(pair: Pair, problem: str) -> IndexUnreachable:
    return IndexUnreachable(
        f"Argos's package index cannot be reached ({problem}). Without a network, get the .argosmodel file "
        f"for {pair} elsewhere (https://www.argosopentech.com/argospm/index/) and run "
        "`aftersail languages install --file FILE`"
    )


@contextmanager
def _bounded_sockets() -> Iterator[None]:
    """argostranslate opens the index without a timeout."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
