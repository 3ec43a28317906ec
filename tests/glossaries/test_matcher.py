"""What holds for every language: which row is meant, scopes, masks, offsets, time."""

import random
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossaries.language_rules import LanguageRules
from glossaries.matcher import MAX_CHARS, TermMatcher
from glossaries.model import ANY_LANGUAGE, Form, Match, Status, Term, TermSet
from tests.glossaries.matching import marked, matcher, term

LETTERS = "abcde éß中文カナーかなพัสดุ주문طلبة-'’12\xad\u200b😀.,"
PLANTED = ("zwölf", "zz", "Wi-Fi", "訂單", "ベビーボトル", "คูปอง", "쿠폰", "كوبون", "gift card", "Zürich-West")


def found(language: str, text: str, *terms: Term | str) -> list[Match]:
    return matcher(language, *terms).find(text)


def test_a_match_tells_where_and_which_form() -> None:
    [match] = found("de", "Ihre PAKETE sind da", term("Paket", "de", "Pakete"))
    assert (match.start, match.end, match.form) == (5, 11, Form("Pakete"))
    assert match.folded
    assert not match.within


@pytest.mark.parametrize(
    ("language", "terms", "text", "within", "folded"),
    [
        ("en", ["parcel"], "my parcel", False, False),
        ("en", ["parcel"], "parcel's", True, False),
        ("en", ["Wi-Fi"], "wifi", False, True),
        ("de", ["Paket"], "Paketversand", True, False),
        ("es", ["móvil"], "el movil", False, True),
        ("ar", ["شحنة"], "شحنتي", True, True),
        ("ja", ["ベビーボトル"], "ベビーボトルセット", True, False),
        ("ja", ["注文"], "再注文", False, False),
        ("ko", ["주문"], "주문을", True, False),
    ],
)
def test_flags(language: str, terms: list[str], text: str, within: bool, folded: bool) -> None:
    [match] = found(language, text, *terms)
    assert (match.within, match.folded) == (within, folded)


def test_the_longest_wins_and_nothing_overlaps() -> None:
    text = "gift card number and card number plate"
    matches = found("en", text, "gift card", "card number", "card", "number plate", "card number plate", "number")
    assert marked(text, matches) == "gift [card number] and [card number plate]"


def test_of_two_equally_long_the_first_wins() -> None:
    assert marked("甲乙丙", found("zh", "甲乙丙", "甲乙", "乙丙")) == "[甲乙]丙"


def test_unrelated_words_shadow_and_are_not_returned() -> None:
    shadow = term("Marketing", "de", status=Status.UNRELATED)
    assert found("de", "Marketing", "Marke", shadow) == []
    assert marked("Marketing Marke", found("de", "Marketing Marke", "Marke", shadow)) == "Marketing [Marke]"


@pytest.mark.parametrize(
    ("rows", "meant"),
    [
        ((Status.PREFERRED, Status.FORBIDDEN), Status.PREFERRED),
        ((Status.SEARCH, Status.FORBIDDEN), Status.FORBIDDEN),
        ((Status.ALLOWED, Status.DO_NOT_TRANSLATE), Status.DO_NOT_TRANSLATE),
    ],
)
def test_the_row_that_is_meant(rows: tuple[Status, ...], meant: Status) -> None:
    terms = [term("box", concept=f"c{number}", status=status) for number, status in enumerate(rows)]
    for order in (terms, terms[::-1]):
        assert [match.term.status for match in found("en", "a box", *order)] == [meant]


def test_other_concepts_of_the_same_form_are_told() -> None:
    order = [term("order", concept=name) for name in ("order", "place_order")]
    search = term("order", concept="bill", status=Status.SEARCH)
    never = term("order", concept="line", status=Status.FORBIDDEN)
    [match] = found("en", "my order", search, never, *order)
    assert (match.term.concept, match.also) == ("order", ("place_order",))
    [match] = found("en", "my order", search, never)
    assert (match.term.concept, match.also) == ("line", ("bill",))
    [match] = found("es", "papa", term("papá", "es"), term("papa", "es"))
    assert match.also == ()


def test_the_accent_decides_before_the_plain_spelling() -> None:
    matches = found("es", "papa y papá", "papá", "papa")
    assert [match.term.text for match in matches] == ["papa", "papá"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("US customs", "[US] customs"), ("tell us", "tell us"), ("ＵＳ", "[ＵＳ]"), ("Us", "Us"), ("US's", "[US]'s")],
)
def test_case_sensitive(text: str, expected: str) -> None:
    assert marked(text, found("en", text, term("US", case_sensitive=True))) == expected


def test_case_sensitive_hyphens_are_exact() -> None:
    assert marked("Wi-Fi WiFi", found("en", "Wi-Fi WiFi", term("Wi-Fi", case_sensitive=True))) == "[Wi-Fi] WiFi"


class TestScope:
    ROWS = (term("disinfect", status=Status.FORBIDDEN, scope=("bottle", "teat"), part_of_speech="verb"), term("bottle"))

    @pytest.mark.parametrize(
        ("text", "context", "expected"),
        [
            ("disinfect the bottle", (), "[disinfect] the [bottle]"),
            ("bottle: disinfect", (), "[bottle]: [disinfect]"),
            ("disinfect the floor", (), "disinfect the floor"),
            ("disinfect it", {"teat"}, "[disinfect] it"),
            ("disinfect it", {"floor"}, "disinfect it"),
        ],
    )
    def test_acts_only_beside_its_concepts(self, text: str, context: set[str], expected: str) -> None:
        assert marked(text, matcher("en", *self.ROWS).find(text, context)) == expected

    def test_the_concept_may_stand_right_beside(self) -> None:
        rows = (term("消毒", "zh", status=Status.FORBIDDEN, scope=("奶瓶",)), term("奶瓶", "zh"))
        assert marked("消毒奶瓶", found("zh", "消毒奶瓶", *rows)) == "[消毒][奶瓶]"
        assert marked("奶瓶消毒", found("zh", "奶瓶消毒", *rows)) == "[奶瓶][消毒]"

    def test_the_concept_must_stand_elsewhere(self) -> None:
        rows = (term("hot bottle", status=Status.FORBIDDEN, scope=("bottle",)), term("bottle"))
        assert marked("hot bottle", found("en", "hot bottle", *rows)) == "hot [bottle]"
        assert marked("hot bottle, bottle", found("en", "hot bottle, bottle", *rows)) == "[hot bottle], [bottle]"

    def test_a_row_that_acts_is_meant_before_one_without_scope(self) -> None:
        rows = (term("clean", concept="clean"), term("clean", concept="x", status=Status.FORBIDDEN, scope=("bottle",)))
        statuses = [match.term.status for match in found("en", "clean bottle", *rows, "bottle")]
        assert statuses == [Status.FORBIDDEN, Status.PREFERRED]


@pytest.mark.parametrize(
    "text",
    [
        "https://orikka.com/order?order=1", "www.order.com/x", "order@order.com", "見てhttps://x.jp/order",
        "ดูที่https://x.co.th/order", "ork-4821936", "ORK 4821936", "{order}", "1Z999AA10123456784",
    ],
)  # fmt: skip
def test_nothing_is_found_inside_addresses_and_numbers(text: str) -> None:
    assert found("en", text, "order", "ork", "1Z999AA1", "x") == []


def test_a_name_that_looks_like_a_tracking_number_is_found() -> None:
    name = term("PS2000STERIL", ANY_LANGUAGE, status=Status.DO_NOT_TRANSLATE)
    assert marked("my ps2000steril", found("en", "my ps2000steril", name)) == "my [ps2000steril]"


def test_beside_an_address_terms_are_found() -> None:
    text = "order: order@x.com, order3 ORK-4821936 order"
    assert marked(text, found("en", text, "order")) == "[order]: order@x.com, [order]3 ORK-4821936 [order]"


def test_more_hyphens_are_written_alike() -> None:
    for text in ("a-b-c-d", "a b c d", "abcd"):
        assert len(found("en", text, "a-b-c-d")) == 1
    assert found("en", "a-b c-d", "a-b-c-d") == []


def test_odd_terms_do_no_harm() -> None:
    assert TermMatcher(TermSet("US", "en", ())).find("a parcel") == []
    assert found("en", "a - b ' c", "-", "", " ", "'", "\xad") in ([], [*found("en", "a - b ' c", "-", "'")])
    assert found("xx", "parcel", "parcel")
    assert matcher("en", "parcel").find("") == []


def test_rules_may_be_given() -> None:
    terms = TermSet("US", "de", (term("Paket", "de"),))
    assert TermMatcher(terms).find("Paketversand")
    assert not TermMatcher(terms, LanguageRules()).find("Paketversand")


@given(st.data())
def test_a_planted_term_is_found_where_it_stands(data: st.DataObject) -> None:
    planted = data.draw(st.sampled_from(PLANTED))
    before, after = (data.draw(st.text(alphabet=LETTERS, max_size=30)) for _ in range(2))
    text = f"{before} | {planted} | {after}"
    start = len(before) + 3
    spans = {(match.start, match.end) for match in found("en", text, *PLANTED)}
    assert (start, start + len(planted)) in spans


@given(st.text(alphabet=LETTERS, max_size=60), st.sampled_from(["en", "de", "ar", "ja", "th", "ko", "vi"]))
def test_matches_are_ordered_apart_and_spell_their_form(text: str, language: str) -> None:
    terms = ("ab", "abc", "bcd", "é", "中", "中文", "カナ", "พั", "주문", "طلب", "طلبة", "a-b", "ß", "12")
    end = 0
    for match in found(language, text, *terms):
        assert end <= match.start < match.end <= len(text)
        end = match.end
        part = unicodedata.normalize("NFKC", text[match.start : match.end]).casefold()
        assert part[0] in match.form.text.casefold() + "se"


def test_it_chooses_as_the_plain_definition_does() -> None:
    draw = random.Random(5)
    for _ in range(300):
        terms = sorted({"".join(draw.choices("甲乙", k=draw.randint(1, 4))) for _ in range(5)})
        text = "".join(draw.choices("甲乙丙", k=20))
        spans = [(i, i + len(one)) for one in terms for i in range(20) if text.startswith(one, i)]
        chosen: list[tuple[int, int]] = []
        for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
            if all(end <= first or last <= start for first, last in chosen):
                chosen.append((start, end))
        assert [(match.start, match.end) for match in found("zh", text, *terms)] == sorted(chosen)


@pytest.mark.parametrize(
    "piece", ["a", "a ", "aaaa ", "a'", "a-", "l'", "ab@", "1a", "ก", "あ", "a\u0301", "주", "/", "甲"]
)
def test_time_is_linear(piece: str) -> None:
    nested = [one * count for one in ("a", "ก", "あ", "주", "甲") for count in range(1, 6)]
    several = matcher("ko", *nested)
    long = (piece * 100_000)[:50_000]
    several.find(long[:500])
    short_s = min(_seconds(several, long[:500]) for _ in range(5))
    # 100 times the text; a quadratic search would take 10,000 times as long, and another process may be in the way.
    assert min(_seconds(several, long) for _ in range(3)) < 500 * short_s + 0.5


def test_a_text_is_bounded() -> None:
    matcher("en", *("a" * count for count in range(1, 30))).find("a" * MAX_CHARS)
    with pytest.raises(ValueError, match="in parts"):
        matcher("en", "a").find("a" * (MAX_CHARS + 1))


def test_many_terms_build_in_seconds() -> None:
    draw = random.Random(1)
    words = {"".join(draw.choices("abcdefghijklmnoprstuvé", k=8)) for _ in range(50_000)}
    terms = TermSet("US", "de", tuple(Term(word, "de", word, Status.PREFERRED) for word in words))
    started = time.process_time()
    built = TermMatcher(terms)
    assert time.process_time() - started < 4  # about 1 s on a quiet machine
    assert built.find(f"Wo ist {terms.terms[0].text}?")


def test_dates_are_not_the_matchers_business() -> None:
    assert found("en", "a parcel", term("parcel", valid_to=date(2000, 1, 1)))


def _seconds(several: TermMatcher, text: str) -> float:
    started = time.process_time()
    several.find(text)
    return time.process_time() - started
