"""Which files of terms hold where: language base < locale < market < brand. Read from layers.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_locale_identifier, parse_locale

from core.errors import ContentError, Fault, NotFound
from core.yaml_files import LINE_KEY, line_of, read_yaml, without_lines
from glossaries.lint_report import suggestion
from glossaries.model import ANY_LANGUAGE

_KEYS = ("brand", "languages", "locales", "markets")


@dataclass(frozen=True)
class Layers:
    """The order of the layers. A layer's name is its file without `.csv`: "languages/de", "markets/DE"."""

    brand: str
    languages: tuple[str, ...]
    locales: Mapping[str, str]  # locale → the language or locale that it inherits
    markets: Mapping[str, Mapping[str, str]]  # market → {language: locale}; a language not named: its base

    def names(self) -> tuple[str, ...]:
        """Every layer, lowest first."""
        return (
            *(f"languages/{language}" for language in self.languages),
            *(f"locales/{locale}" for locale in self.locales),
            *(f"markets/{market}" for market in self.markets),
            f"brands/{self.brand}",
        )

    def chain(self, market: str, language: str) -> tuple[str, ...]:
        """The layers whose rows in `language` hold in `market`, lowest first. Raises NotFound for an unknown market."""
        if market not in self.markets:
            raise NotFound(f"no market {market!r} in the glossary's layers.yml{suggestion(market, self.markets)}")
        layers = [f"markets/{market}", f"brands/{self.brand}"]
        parent = self.markets[market].get(language, language)
        while parent in self.locales:
            layers.insert(0, f"locales/{parent}")
            parent = self.locales[parent]
        if parent in self.languages:
            layers.insert(0, f"languages/{parent}")
        return tuple(layers)

    def below(self, layer: str, language: str) -> tuple[str, ...]:
        """The layers that `layer` inherits in `language`, lowest first; those of the brand differ by market: none."""
        folder, _, name = layer.partition("/")
        if folder == "markets":
            return self.chain(name, language)[:-2]
        found: list[str] = []
        while folder == "locales" and name in self.locales:
            name = self.locales[name]
            found.insert(0, f"locales/{name}" if name in self.locales else f"languages/{name}")
        return tuple(found)

    def base_language(self, locale: str) -> str:
        """The language that a locale goes back to; a language itself."""
        while locale in self.locales:
            locale = self.locales[locale]
        return locale

    def written_in(self, layer: str) -> tuple[str, ...]:
        """What may stand in the column `language` of a layer's file."""
        folder, _, name = layer.partition("/")
        if folder in ("languages", "locales"):
            return (self.base_language(name),)
        return self.languages if folder == "markets" else (ANY_LANGUAGE, *self.languages)


def read_layers(path: Path) -> Layers:
    """The layers in the file. Raises ContentError with file and line of every mistake."""
    data = read_yaml(path).data
    faults = _shape_faults(path, data)
    if faults:
        raise ContentError(faults)
    locales, markets = data["locales"], data["markets"]
    languages = tuple(data["languages"])
    faults = [
        Fault(path, line_of(data), f"languages: {code!r} is no language code that CLDR knows; write it as in 'zh-Hant'")
        for code in languages
        if not is_language_code(code)
    ]
    faults += _locale_faults(path, without_lines(locales), languages, line_of(locales))
    for market, chosen in without_lines(markets).items():
        line = line_of(markets[market]) or line_of(markets)
        faults += _market_faults(path, line, market, chosen, without_lines(locales), languages)
    if faults:
        raise ContentError(faults)
    return Layers(data["brand"], languages, without_lines(locales), without_lines(markets))


def is_language_code(code: str) -> bool:
    """Whether `code` is a well-formed language tag (BCP 47) that CLDR knows."""
    try:
        Locale.parse(code, sep="-")
        parts = parse_locale(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    # A slip such as zh-Hantt passes as a variant.
    return get_locale_identifier((parts[0], parts[1], parts[2], None), sep="-") == code


def _shape_faults(path: Path, data: Any) -> list[Fault]:
    if not isinstance(data, dict):
        return [Fault(path, 1, f"the file must be a mapping with {', '.join(_KEYS)}")]
    faults = [
        Fault(path, line_of(data), f"unknown key {key!r}{suggestion(str(key), _KEYS)}; use {', '.join(_KEYS)}")
        for key in data
        if key not in (*_KEYS, LINE_KEY)
    ]
    expected = {"brand": str, "languages": list, "locales": dict, "markets": dict}
    faults += [
        Fault(path, line_of(data), f"{key}: must be a {kind.__name__}; see docs/glossaries.md")
        for key, kind in expected.items()
        if not isinstance(data.get(key), kind)
    ]
    if faults:
        return faults
    texts = [*data["languages"], *without_lines(data["locales"]).items(), *without_lines(data["markets"])]
    flat = [item for text in texts for item in (text if isinstance(text, tuple) else (text,))]
    faults = [
        Fault(path, line_of(data), f"{item!r} must be a text; put codes such as NO in quotes")
        for item in flat
        if not isinstance(item, str) or not item
    ]
    return faults + [
        Fault(path, line_of(data["markets"]), f"markets: {market}: must be a mapping such as {{}} or {{de: de-AT}}")
        for market, chosen in without_lines(data["markets"]).items()
        if not isinstance(chosen, dict)
    ]


def _locale_faults(path: Path, locales: Mapping[str, str], languages: tuple[str, ...], line: int) -> list[Fault]:
    faults = []
    for locale, parent in locales.items():
        if not is_language_code(locale):
            faults.append(Fault(path, line, f"locales: {locale!r} is no language code that CLDR knows"))
        seen = [locale]
        while parent in locales and parent not in seen:
            seen.append(parent)
            parent = locales[parent]
        if parent in seen:
            path_text = " → ".join([*seen, parent])
            faults.append(Fault(path, line, f"locales: {path_text} goes in a circle; let one inherit a language"))
        elif parent not in languages:
            near = suggestion(parent, [*languages, *locales])
            faults.append(Fault(path, line, f"locales: {locale}: unknown parent {parent!r}{near}"))
    return faults


def _market_faults(
    path: Path,
    line: int,
    market: str,
    chosen: Mapping[str, str],
    locales: Mapping[str, str],
    languages: tuple[str, ...],
) -> list[Fault]:
    faults = []
    for language, locale in chosen.items():
        if language not in languages:
            near = suggestion(language, languages)
            faults.append(Fault(path, line, f"markets: {market}: unknown language {language!r}{near}"))
        if locale not in locales:
            near = suggestion(str(locale), locales)
            faults.append(
                Fault(path, line, f"markets: {market}: unknown locale {locale!r}{near}; add it under locales")
            )
    return faults
