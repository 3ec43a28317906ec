"""The translator that the settings ask for."""

from collections.abc import Callable

from core.settings import Settings
from glossaries.violations import GateRelease
from languages.translation.argos_engine import ArgosOptions
from languages.translation.open_engine import TranslationOptions, open_engine
from languages.translation.translator import Translator

NO_ENGINE = "none"


def open_translator(settings: Settings, terms: Callable[[], GateRelease]) -> Translator:
    """The translator; no model is loaded and no server asked yet. Raises SetupError when the settings do not fit.

    With the engine "none", or without a package for a pair, every text comes back untranslated with the reason.
    """
    if settings.translation_engine == NO_ENGINE:
        return Translator([], terms)
    return Translator([open_engine(translation_options(settings))], terms)


def translation_options(settings: Settings) -> TranslationOptions:
    """The settings that concern translation."""
    threads = settings.translation_threads
    return TranslationOptions(
        packages=settings.packages_dir,
        engine=settings.translation_engine,
        argos=ArgosOptions(memory_mb=settings.translation_memory_mb, inter_threads=threads),
        libre_url=settings.libretranslate_url,
        libre_key=settings.libretranslate_key.get_secret_value(),
        deepl_url=settings.deepl_url,
        deepl_key=settings.deepl_key.get_secret_value(),
        threads=threads,
    )
