"""A small glossary folder for the small content: three languages, two markets, a brand."""

from pathlib import Path

HEADER = (
    "concept,language,term,status,forms,part_of_speech,gender,case_sensitive,compounds,scope,note,reason,replacement,"
    "evidence,author,reviewer,valid_from,valid_to\n"
)
CONCEPTS = """\
id,domain,required,definition
parcel_locker,delivery,yes,A machine with compartments where parcels wait
mobile_phone,electronics,yes,A phone to carry
orikka,brand,yes,The brand
"""
LAYERS = """\
brand: orikka
languages: [en, de, ar]
locales: {}
markets:
  DE: {}
  SA: {}
"""


def row(concept: str, language: str, term: str, status: str, forms: str = "", **cells: str) -> str:
    """A line of a layer's file."""
    columns = HEADER.strip().split(",")
    values = {"concept": concept, "language": language, "term": term, "status": status, "forms": forms, **cells}
    return ",".join(f'"{values.get(column, "")}"' for column in columns) + "\n"


LOCKERS = "indef: a parcel locker | pl: parcel lockers"
STATIONS = "dat.indef: einer Packstation | pl: Packstationen"
ROWS = {
    "languages/en": row("parcel_locker", "en", "parcel locker", "preferred", LOCKERS)
    + row("mobile_phone", "en", "mobile phone", "preferred"),
    "languages/de": row("parcel_locker", "de", "Packstation", "preferred", STATIONS, gender="f")
    + row("mobile_phone", "de", "Handy", "preferred")
    + row("mobile_phone", "de", "Natel", "forbidden", reason="schweizerisch", replacement="Handy"),
    "languages/ar": row("parcel_locker", "ar", "خزانة الطرود", "preferred")
    + row("mobile_phone", "ar", "جوال", "preferred"),
    "markets/DE": "",
    "markets/SA": row("parcel_locker", "en", "smart locker", "preferred", "indef: a smart locker"),
    "brands/orikka": row("orikka", "*", "Orikka", "do_not_translate", case_sensitive="yes"),
}


def write_glossary(folder: Path) -> Path:
    """The folder, filled with the small glossary."""
    for name in ("languages", "markets", "brands", "locales"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "concepts.csv").write_text(CONCEPTS, encoding="utf-8")
    (folder / "layers.yml").write_text(LAYERS, encoding="utf-8")
    for layer, rows in ROWS.items():
        (folder / f"{layer}.csv").write_text(HEADER + rows, encoding="utf-8")
    return folder
