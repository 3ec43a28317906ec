"""A tiny glossary on disk: three languages, three markets, a locale and a brand."""

from pathlib import Path

from glossaries.row import COLUMNS

LAYERS = """\
brand: orikka
languages: [en, de, zh-Hant]
locales:
  de-AT: de
markets:
  GB: {}
  DE: {}
  AT: {de: de-AT}
"""
CONCEPTS = """\
id,domain,required,definition
parcel,delivery,yes,The box that is sent
order,orders,yes,What a customer has bought in one go
steriliser,baby,yes,The device that makes bottles free of germs
baby_bottle,baby,yes,A bottle to feed a baby
puresteam,brand,yes,Baby bottle steriliser
"""
HEADER = ",".join(COLUMNS)


def row(concept: str, language: str, term: str, status: str, **cells: str) -> str:
    """A CSV line; `cells` by column."""
    known = {"concept": concept, "language": language, "term": term, "status": status, **cells}
    return ",".join('"' + known.get(column, "").replace('"', '""') + '"' for column in COLUMNS)


FILES = {
    "languages/en": [
        row("parcel", "en", "parcel", "preferred", forms="pl: parcels", part_of_speech="noun"),
        row("parcel", "en", "package", "allowed", forms="pl: packages", part_of_speech="noun"),
        row("order", "en", "order", "preferred", forms="pl: orders", part_of_speech="noun"),
        row("baby_bottle", "en", "baby bottle", "preferred", part_of_speech="noun"),
    ],
    "languages/de": [
        row(
            "parcel", "de", "Paket", "preferred",
            forms="pl: Pakete | dat.pl: Paketen", part_of_speech="noun", gender="n",
        ),
        row("parcel", "de", "Sendungspaket", "forbidden", reason="Amtsdeutsch", replacement="Paket"),
        row("order", "de", "Bestellung", "preferred", forms="pl: Bestellungen", gender="f"),
        row("baby_bottle", "de", "Babyflasche", "preferred", forms="pl: Babyflaschen"),
        row("steriliser", "de", "Vaporisator", "preferred"),
        row(
            "steriliser", "de", "Desinfektor", "forbidden",
            reason="Klingt nach Krankenhaus", replacement="Vaporisator", scope="baby_bottle | puresteam",
        ),
    ],
    "languages/zh-Hant": [
        row("parcel", "zh-Hant", "包裹", "preferred"),
        row("order", "zh-Hant", "訂單", "preferred"),
        row("order", "zh-Hant", "訂單號碼", "unrelated"),
    ],
    "locales/de-AT": [row("parcel", "de", "Packerl", "preferred", forms="pl: Packerl")],
    "markets/GB": [
        row("parcel", "en", "package", "forbidden", reason="American", replacement="parcel"),
    ],
    "markets/DE": [],
    "markets/AT": [row("order", "de", "Auftrag", "preferred", valid_from="2027-01-01", valid_to="2027-01-31")],
    "brands/orikka": [
        row("puresteam", "*", "PureSteam", "do_not_translate", case_sensitive="yes", part_of_speech="name"),
    ],
}  # fmt: skip


def write_glossary(folder: Path) -> Path:
    """The folder, with the files of the tiny glossary in it."""
    for name, rows in FILES.items():
        write_layer(folder, name, rows)
    (folder / "concepts.csv").write_text(CONCEPTS, encoding="utf-8")
    (folder / "layers.yml").write_text(LAYERS, encoding="utf-8")
    return folder


def write_layer(folder: Path, name: str, rows: list[str], header: str = HEADER) -> Path:
    """The path of the layer's file, written anew with `rows`."""
    path = folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place where `old` stands."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (text.count(old), old)
    path.write_text(text.replace(old, new), encoding="utf-8")
