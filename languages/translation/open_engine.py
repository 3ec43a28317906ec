"""The engine that an installation has chosen, with its pivot, threads and memory around it."""

from dataclasses import dataclass, field
from pathlib import Path

from core.errors import SetupError
from core.settings import Settings
from languages.translation.argos_engine import ArgosEngine, ArgosOptions
from languages.translation.argos_packages import PackageStore
from languages.translation.cache import CachedEngine
from languages.translation.deepl_engine import DeeplEngine, DeeplOptions
from languages.translation.engine import Engine
from languages.translation.libre_engine import LibreEngine, LibreOptions
from languages.translation.no_engine import NoEngine
from languages.translation.pivot import PivotEngine
from languages.translation.pool import PooledEngine


@dataclass(frozen=True)
class TranslationOptions:
    """What the settings say about translation."""

    packages: Path  # folder of the Argos packages
    engine: str = "argos"  # argos, libretranslate, deepl or none
    argos: ArgosOptions = field(default_factory=ArgosOptions)
    libre_url: str = ""
    libre_key: str = field(default="", repr=False)
    deepl_url: str = ""
    deepl_key: str = field(default="", repr=False)
    threads: int = 2
    queue: int = 64  # calls that may wait
    timeout: float = 20.0  # seconds for a call, with waiting
    cache_mb: float = 32.0


def translation_options(settings: Settings) -> TranslationOptions:
    """What `settings` say."""
    return TranslationOptions(
        packages=settings.packages_dir,
        engine=settings.translation_engine,
        argos=ArgosOptions(memory_mb=settings.translation_memory_mb, inter_threads=settings.translation_threads),
        libre_url=settings.libretranslate_url,
        libre_key=settings.libretranslate_key.get_secret_value(),
        deepl_url=settings.deepl_url,
        deepl_key=settings.deepl_key.get_secret_value(),
        threads=settings.translation_threads,
    )


def open_engine(options: TranslationOptions) -> CachedEngine:
    """The chosen engine; nothing is loaded or asked yet. Raises SetupError."""
    pooled = PooledEngine(_base(options), options.threads, options.queue, options.timeout)
    return CachedEngine(pooled, options.cache_mb, 2 * options.timeout)


def _base(options: TranslationOptions) -> Engine:
    if options.engine == "argos":
        return PivotEngine(ArgosEngine(PackageStore(options.packages), options.argos))
    if options.engine == "libretranslate":  # joins two translations by itself
        return LibreEngine(LibreOptions(options.libre_url, options.libre_key))
    if options.engine == "deepl":
        return DeeplEngine(DeeplOptions(options.deepl_key, options.deepl_url))
    if options.engine == "none":
        return NoEngine()
    raise SetupError(f"AFTERSAIL_TRANSLATION_ENGINE is {options.engine!r}; give argos, libretranslate, deepl or none")
