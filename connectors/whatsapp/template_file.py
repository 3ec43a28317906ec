"""The registry's file: read with line numbers, written whole, seen again when somebody edits it."""

import tempfile
from pathlib import Path
from typing import Any

import structlog
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.events import Notice
from connectors.whatsapp.template_sync import with_notice
from connectors.whatsapp.templates import Registry, Template
from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines

logger = structlog.get_logger(__name__)

LOCALES_FILE = Path(__file__).with_name("locales.yml")
_HEAD = """\
# WhatsApp templates. `purposes` (what a template is for -> its name at Meta) and `payloads` (what its quick-reply
# buttons bring back, in order) are ours to edit. `aftersail channels templates` replaces the templates of the business
# accounts under `synced`; the names under `parameters` are kept.
"""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    purposes: dict[str, str] = {}
    payloads: dict[str, tuple[str, ...]] = {}
    locales: dict[str, str] = {}
    synced: tuple[str, ...] = ()
    templates: list[Any] = Field([], max_length=100_000)


def load_registry(path: Path | None) -> Registry:
    """The file's registry; an empty one without a path or a file. Raises ContentError with file and line."""
    locales: dict[str, str] = without_lines(read_yaml(LOCALES_FILE).data)
    if path is None or not path.exists():
        return Registry(locales=locales)
    data = read_yaml(path).data or {}
    try:
        file = _File.model_validate({**without_lines(data), "templates": data.get("templates") or []})
    except (ValidationError, TypeError, AttributeError) as error:
        raise ContentError([Fault(path, 0, f"{_first(error)}; see connectors/whatsapp/README.md")]) from None
    templates, faults = [], []
    for item in file.templates:
        try:
            templates.append(Template.model_validate(without_lines(item)))
        except ValidationError as error:
            faults.append(Fault(path, line_of(item), f"{_first(error)}; see connectors/whatsapp/README.md"))
    if faults:
        raise ContentError(faults)
    return Registry(tuple(templates), file.purposes, file.payloads, {**locales, **file.locales}, file.synced)


def dump_registry(registry: Registry) -> str:
    """The registry as the text of its file."""
    own = {key: code for key, code in registry.locales.items() if load_registry(None).locales.get(key) != code}
    data = {
        "purposes": dict(registry.purposes),
        "payloads": {name: list(payloads) for name, payloads in registry.payloads.items()},
        **({"locales": own} if own else {}),
        "synced": list(registry.synced),
        "templates": [each.model_dump(mode="json", exclude_defaults=True) for each in registry.templates],
    }
    return _HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


class TemplateFile:
    """The registry of an installation. Calling it gives the registry as the file is now."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._registry = load_registry(path)
        self._seen = self._mark()

    def __call__(self) -> Registry:
        """The registry; read again when the file has changed. A file that is wrong now is told, and changes nothing."""
        mark = self._mark()
        if mark != self._seen:
            self._seen = mark
            try:
                self._registry = load_registry(self._path)
            except ContentError as error:
                logger.error(
                    "templates_file_wrong", faults=str(error), remedy="correct the file; the old one stays in use"
                )
        return self._registry

    def apply(self, notice: Notice) -> bool:
        """Whether the notice changed a template; then the file is written."""
        changed = with_notice(self(), notice)
        if changed == self._registry:
            return False
        self.store(changed)
        return True

    def store(self, registry: Registry) -> None:
        """Write the registry; a reader sees the old file or the new one, never half of one."""
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self._path.parent, delete=False) as file:
                file.write(dump_registry(registry))
            Path(file.name).replace(self._path)
        self._registry, self._seen = registry, self._mark()

    def _mark(self) -> tuple[int, int] | None:
        if self._path is None or not self._path.exists():
            return None
        state = self._path.stat()
        return state.st_mtime_ns, state.st_ino


def _first(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "the file is no mapping of purposes and templates"
    wrong = error.errors()[0]
    return f"{'.'.join(map(str, wrong['loc'])) or 'the file'}: {wrong['msg']}"
