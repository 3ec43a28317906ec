"""A few rows in German, English, Japanese and Arabic, for translations that are judged."""

from glossaries.forms import parse_forms
from glossaries.model import Status, Term
from tests.support.gate import FewTerms


def row(concept: str, language: str, text: str, status: str = "preferred", forms: str = "", **more: str) -> Term:
    """A term as its file has it; a noun when nothing else is said."""
    return Term(concept, language, text, Status(status), parse_forms(forms)[0], **({"part_of_speech": "noun"} | more))  # type: ignore[arg-type]


def noun(concept: str, text: str, gender: str, plural: str, status: str = "preferred", **more: str) -> Term:
    """A German noun with its usual forms."""
    forms = f"pl: {plural} | dat.pl: {plural if plural[-1] in 'ns' else plural + 'n'}"
    return row(
        concept, "de", text, status, forms + (f" | gen: {text}s" if gender != "f" else ""), gender=gender, **more
    )


DE = (
    noun("parcel", "Paket", "n", "Pakete"),
    noun("parcel", "Sendung", "f", "Sendungen", "allowed"),
    noun("order", "Bestellung", "f", "Bestellungen"),
    noun("voucher", "Gutschein", "m", "Gutscheine"),
    noun("parcel_locker", "Packstation", "f", "Packstationen"),
    noun("parcel_locker", "Paketautomat", "m", "Paketautomaten", "search"),
    noun("mobile_phone", "Handy", "n", "Handys"),
    noun("mobile_phone", "Natel", "n", "Natels", "forbidden", reason="schweizerisch", replacement="Handy"),
    noun("teat", "Sauger", "m", "Sauger"),
    noun("teat", "Zitze", "f", "Zitzen", "forbidden", reason="vom Tier", replacement="Sauger"),
    row("sterilise", "de", "sterilisieren", forms="past.part: sterilisiert", part_of_speech="verb"),
    row("sterilise", "de", "desinfizieren", "forbidden", "past.part: desinfiziert", part_of_speech="verb",
        reason="Krankenhaus", replacement="sterilisieren"),
)  # fmt: skip
EN = (
    row("parcel", "en", "parcel", forms="pl: parcels | indef: a parcel | def: the parcel"),
    row("parcel", "en", "package", "allowed", "pl: packages | indef: a package | def: the package"),
    row("order", "en", "order", forms="pl: orders | indef: an order | def: the order"),
    row("voucher", "en", "voucher", forms="pl: vouchers | indef: a voucher"),
    row("parcel_locker", "en", "parcel locker", forms="pl: parcel lockers"),
    row("mobile_phone", "en", "mobile phone", forms="pl: mobile phones"),
    row("mobile_phone", "en", "cell phone", "search", "pl: cell phones"),
    row("teat", "en", "teat", forms="pl: teats | indef: a teat"),
    row("sterilise", "en", "sterilise", forms="past.part: sterilised", part_of_speech="verb"),
)
JA = (row("parcel", "ja", "荷物"), row("order", "ja", "注文"), row("voucher", "ja", "クーポン"))
AR = (
    row("order", "ar", "طلب", forms="def: الطلب", gender="m"),
    row("order", "ar", "أوردر", "forbidden", "def: الأوردر", replacement="طلب", reason="عامية"),
)
NAMES = (row("puresteam", "*", "PureSteam 2", "do_not_translate", case_sensitive="yes"),)
TERMS = FewTerms({"de": DE, "en": EN, "ja": JA, "ar": AR, "*": NAMES}, not_required=frozenset({"sterilise"}))
