"""Settings from the environment (prefix AFTERSAIL_) or a .env file, checked at start."""

import os
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SetupError

PROJECT = Path(__file__).resolve().parent.parent
LEAST_TOKEN = 24  # characters that nobody guesses


class Settings(BaseSettings):
    """Every setting of an installation. Paths may be relative to the working directory."""

    model_config = SettingsConfigDict(env_prefix="AFTERSAIL_", env_file=".env", extra="ignore")

    data_dir: Path = Field(PROJECT / "var", description="database, models, releases, run-time files")
    database_url: str = Field("", description="SQLAlchemy address; empty: SQLite in data_dir")
    database_listen_url: str = Field("", description="the same PostgreSQL past its pooler; empty: none is between")
    content_dir: Path = Field(PROJECT, description="folder that holds knowledge/, markets/, bot/ data")
    embedder: str = Field("builtin", description="'builtin', or a sentence-transformers name or folder")
    orders: str = Field("demo", description="'demo' (SQLite in data_dir), or path of a CSV export")
    host: str = Field("127.0.0.1", description="address that the web process listens on")
    port: int = Field(8080, ge=1, le=65535, description="port that the web process listens on")
    workers: int = Field(1, ge=1, le=64, description="worker processes started by `aftersail up`")
    allowed_origins: str = Field("", description="comma-separated origins that may embed the chat; empty: own only")
    channels: str = Field("", description="YAML file of WhatsApp and LINE accounts; empty: web chat only")
    templates: str = Field("", description="YAML file of WhatsApp templates; empty: templates.yml in data_dir")
    helpdesks: str = Field("", description="YAML file of the helpdesks that take hand-offs; empty: the own desk only")
    public_url: str = Field("", description="https address that vendors and customers reach this installation by")
    media_days: int = Field(90, ge=1, le=3650, description="days that files of customers are kept")
    secret: SecretStr = Field(SecretStr(""), description="signs visitor tokens; empty: made once, kept in data_dir")
    identity_secret: SecretStr = Field(SecretStr(""), description="shared with the shop; signs customer identity")
    metrics_token: SecretStr = Field(SecretStr(""), description="bearer token for /metrics; empty: loopback only")
    api_token: SecretStr = Field(SecretStr(""), description="bearer token of programs that read packets; empty: none")
    trusted_proxies: str = Field("127.0.0.1", description="comma-separated proxies whose X-Forwarded-For is believed")
    translation_engine: str = Field(
        "argos", pattern="^(argos|libretranslate|deepl|none)$", description="argos, libretranslate, deepl or none"
    )
    translation_memory_mb: int = Field(1500, ge=50, description="memory for loaded Argos models, in each process")
    translation_threads: int = Field(2, ge=1, le=64, description="translations at the same time, in each process")
    libretranslate_url: str = Field("", description="address of a LibreTranslate server")
    libretranslate_key: SecretStr = Field(SecretStr(""), description="its API key, if it wants one")
    deepl_url: str = Field("", description="address of a DeepL-compatible API; empty: DeepL's own")
    deepl_key: SecretStr = Field(SecretStr(""), description="DeepL API key")
    oidc_issuer: str = Field("", description="OpenID provider that people at the desk may sign in with; empty: none")
    oidc_client_id: str = Field("", description="this installation's name at the provider")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="its secret there")
    desk_suggestions: bool = Field(
        True, description="suggest answers at the desk; loads the embedder in the web process"
    )
    font_dir: str = Field("", description="folder of fonts for PDF files; empty: those of the system")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="log level")

    @field_validator("api_token")
    @classmethod
    def _long_enough(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < LEAST_TOKEN:
            raise ValueError(f"at least {LEAST_TOKEN} characters, such as `openssl rand -base64 32` prints")
        return token

    @field_validator("public_url")
    @classmethod
    def _address(cls, address: str) -> str:
        parts = urlsplit(address)
        if address and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("no address of this installation; write it as https://chat.example.com")
        return address

    @field_validator("font_dir")
    @classmethod
    def _folder(cls, folder: str) -> str:
        if folder and not Path(folder).is_dir():
            raise ValueError("there is no such folder")
        return folder

    @cached_property
    def database(self) -> str:
        """SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'aftersail.db'}"

    @property
    def models_dir(self) -> Path:
        """Folder of the embedders and the trained Rasa model."""
        return self.data_dir / "models"

    @property
    def releases_dir(self) -> Path:
        """Folder of the content releases."""
        return self.data_dir / "releases"

    @property
    def packages_dir(self) -> Path:
        """Folder of the installed Argos language packages."""
        return self.data_dir / "packages"

    @property
    def media_dir(self) -> Path:
        """Folder of the files that customers sent."""
        return self.data_dir / "media"

    @property
    def templates_file(self) -> Path:
        """File of the WhatsApp templates."""
        return Path(self.templates) if self.templates else self.data_dir / "templates.yml"

    @property
    def run_dir(self) -> Path:
        """Folder of sockets and process files."""
        return self.data_dir / "run"


def load_settings() -> Settings:
    """Settings of this process. Raises SetupError naming each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [_wrong(str(fault["loc"][0]), fault["msg"], fault["input"]) for fault in error.errors()]
    raise SetupError("Wrong settings:\n  " + "\n  ".join(lines))  # the error itself would show secrets


def _wrong(name: str, problem: str, given: object) -> str:
    is_secret = Settings.model_fields[name].annotation is SecretStr
    return f"AFTERSAIL_{name.upper()}: {problem}" + ("" if is_secret else f" (got {given!r})")


def quiet_libraries() -> None:
    """Switch off what Rasa and TensorFlow print or send; call before importing rasa."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
