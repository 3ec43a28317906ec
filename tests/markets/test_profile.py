import re
from collections.abc import Mapping
from decimal import Decimal

import phonenumbers
import pytest
import yaml

from core.settings import PROJECT
from markets.hours import OpeningRange
from markets.money import Label, Money
from markets.profile import MarketProfile

MAIN_LANGUAGE = {
    "US": "en", "GB": "en", "DE": "de", "FR": "fr", "IT": "it", "ES": "es", "MX": "es", "BR": "pt", "SA": "ar",
    "JP": "ja", "KR": "ko", "TW": "zh-Hant", "SG": "en", "TH": "th", "ID": "id", "VN": "vi", "IN": "en",
}  # fmt: skip
CODES = sorted(MAIN_LANGUAGE)
POSTCODES = {
    "US": ("10027", "10027-1234", "1002"),
    "GB": ("SW9 8EQ", "M202LN", "12345"),
    "DE": ("10115", "01067", "1011"),
    "FR": ("75011", "01000", "7501"),
    "IT": ("00184", "20121", "0018"),
    "ES": ("28013", "08002", "2801"),
    "MX": ("06700", "64000", "670"),
    "BR": ("01310-100", "01310100", "01310"),
    "SA": ("11564", "11564-1234", "1156"),
    "JP": ("150-0001", "1500001", "150"),
    "KR": ("06236", "48094", "0623"),
    "TW": ("10617", "106409", "10"),
    "SG": ("560123", "018956", "5601"),
    "TH": ("10110", "50200", "1011"),
    "ID": ("12190", "60271", "1219"),
    "VN": ("700000", "10000", "700"),
    "IN": ("560001", "560 001", "56000"),
}


def test_all_seventeen_markets_load(markets: Mapping[str, MarketProfile]) -> None:
    assert sorted(markets) == CODES


@pytest.mark.parametrize("code", CODES)
class TestEveryMarket:
    def test_main_language_and_flags(self, markets, code) -> None:
        profile = markets[code]
        assert profile.languages[0] == MAIN_LANGUAGE[code]
        assert profile.flag("cash_on_delivery") == ("cash_on_delivery" in profile.payment_methods)
        assert profile.promise_hours == {"safety": 2, "ordinary": 24, "parts": 72}
        assert profile.brand == "Orikka"

    def test_values_cover_what_texts_name(self, markets, code) -> None:
        profile = markets[code]
        texts = (PROJECT / "knowledge" / "data" / "faq" / "en.yml").read_text(encoding="utf-8")
        named = set(re.findall(r"\{(\w+)\}", texts))
        values = profile.values(profile.languages[0])
        assert named <= set(values)
        assert isinstance(values["shipping_fee"], Money)
        assert values["shipping_fee"].currency == profile.currency
        assert all(isinstance(label, Label) for label in values["payment_methods"])
        assert all(isinstance(part, OpeningRange) for part in values["opening_hours"])

    def test_counts_are_never_singular(self, markets, code) -> None:
        values = markets[code].values("en")
        assert all(value > 1 for value in values.values() if isinstance(value, int))

    def test_labels_exist_in_the_replies(self, markets, code) -> None:
        replies = yaml.safe_load((PROJECT / "knowledge" / "data" / "replies" / "en.yml").read_text(encoding="utf-8"))
        for label in markets[code].values("en")["payment_methods"]:
            assert label.name in replies

    def test_postcodes(self, markets, code) -> None:
        *right, wrong = POSTCODES[code]
        pattern = re.compile(markets[code].postcode)
        assert all(pattern.fullmatch(postcode) for postcode in right)
        assert not pattern.fullmatch(wrong)

    def test_support_phone_belongs_to_the_country(self, markets, code) -> None:
        number = phonenumbers.parse(markets[code].support_phone)
        assert f"+{number.country_code}" == markets[code].phone_prefix

    def test_tracking_addresses_take_the_number(self, markets, code) -> None:
        for carrier in markets[code].carriers:
            address = carrier.track("OKA0000000001XX")
            assert address.startswith("https://")
            assert "{" not in address


def test_carriers_are_named_for_the_reader(markets) -> None:
    japan = markets["JP"]
    assert japan.values("ja")["carriers"][0] == "ヤマト運輸"
    assert japan.values("en")["carriers"][0] == "Yamato Transport"
    assert japan.carrier("yamato").name_in("ko") == "ヤマト運輸"
    assert japan.carrier("ups") is None


def test_locale_for(markets) -> None:
    assert markets["TW"].locale_for("zh-Hant") == "zh-Hant-TW"
    assert markets["DE"].locale_for("ja") == "ja"
    assert markets["SA"].digits_for("ar") == "latn"


def test_unknown_flag_is_refused(markets) -> None:
    with pytest.raises(KeyError, match="free_beer"):
        markets["DE"].flag("free_beer")


def test_money_adds_within_a_currency() -> None:
    assert Money(Decimal("1.50"), "EUR") + Money(Decimal(2), "EUR") == Money(Decimal("3.50"), "EUR")
    with pytest.raises(ValueError, match="USD"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")
