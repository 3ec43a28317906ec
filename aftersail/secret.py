"""The secret that signs what leaves this installation: tokens of visitors, addresses of files."""

import contextlib
import secrets
from pathlib import Path

from pydantic import SecretStr

from core.errors import SetupError
from core.settings import Settings


def with_secret(settings: Settings) -> Settings:
    """Settings with a signing secret; made once and kept in the data folder when none is configured."""
    if settings.secret.get_secret_value():
        return settings
    path = settings.data_dir / "secret"
    try:
        _make_secret(path)
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}; make the folder writable or set AFTERSAIL_SECRET") from error
    return settings.model_copy(update={"secret": SecretStr(secret)})


def _make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
