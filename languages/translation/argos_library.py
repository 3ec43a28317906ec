"""The one place that imports argostranslate, kept from its own folders and from the network.

`argostranslate.settings` makes folders in the home directory and reads a settings file there as it is imported, and
`argostranslate.translate` imports stanza and with it torch: 2.7 s and 390 MB. `argostranslate.package` needs neither.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_lock = threading.Lock()


def argos_package(home: Path) -> Any:
    """The module argostranslate.package; the first call decides that Argos' own files lie under `home`."""
    with _lock:
        if "argostranslate.settings" not in sys.modules:
            with _environment(_home_variables(home)):
                import argostranslate.settings
        import argostranslate.package

        return argostranslate.package


def _home_variables(home: Path) -> dict[str, str | None]:
    return {
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "ARGOS_PACKAGES_DIR": str(home / "packages"),
        "SNAP": None,
    }


@contextmanager
def _environment(variables: dict[str, str | None]) -> Iterator[None]:
    """These variables for a moment; None unsets one. Others read XDG_CACHE_HOME too, so it is put back."""
    before = {name: os.environ.get(name) for name in variables}
    _set(variables)
    try:
        yield
    finally:
        _set(before)


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
