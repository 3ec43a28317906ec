"""DeepL through its own client, against a local server that checks requests as DeepL documents them."""

import csv
import io
from typing import Any

import pytest

from core.errors import SetupError
from languages.translation.deepl_engine import DeeplEngine, DeeplOptions
from languages.translation.engine import DecodeOptions, EngineDown, Pair, PairUnavailable
from languages.translation.remote import RemoteOptions
from tests.languages.translation.http_stub import Answer, Asked, Stub, serving

KEY = "12345678-abcd:fx"
QUICK = RemoteOptions(timeout=2.0, attempts=2, first_pause=0.001, failures=9)
SOURCES = ["AR", "DE", "EN", "ES", "FR", "ID", "IT", "JA", "KO", "PT", "TH", "VI", "ZH"]
TARGETS = ["AR", "DE", "EN-GB", "EN-US", "ES", "FR", "JA", "PT-BR", "PT-PT", "TH", "ZH", "ZH-HANS", "ZH-HANT"]
DE_EN = Pair("de", "en")


class Deepl:
    """What DeepL's API reference tells of v2."""

    def __init__(self) -> None:
        self.glossaries: dict[str, dict[str, Any]] = {}
        self.entries: dict[str, str] = {}
        self.made = 0
        self.ready = True

    def __call__(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"DeepL-Auth-Key {KEY}":
            return Answer({"message": "Forbidden"}, 403)
        path, _, id = asked.path.removeprefix("/v2/").partition("/")
        if asked.method == "DELETE":
            return Answer(b"", 204) if self.glossaries.pop(id, None) else Answer({"message": "Not found"}, 404)
        if id.endswith("/entries"):
            assert asked.headers["accept"] == "text/tab-separated-values"
            return Answer(self.entries[id.removesuffix("/entries")].encode())
        return getattr(self, f"{asked.method.lower()}_{path.replace('-', '_')}")(asked.body or {})

    def get_languages(self, body: dict[str, str]) -> Answer:
        codes = TARGETS if body.get("type") == "target" else SOURCES
        return Answer([{"language": code, "name": code, "supports_formality": code == "DE"} for code in codes])

    def get_glossary_language_pairs(self, _: dict[str, str]) -> Answer:
        codes = ["de", "en", "fr", "zh", "pt"]
        pairs = [{"source_lang": a, "target_lang": b} for a in codes for b in codes if a != b]
        return Answer({"supported_languages": pairs})

    def get_glossaries(self, _: dict[str, str]) -> Answer:
        return Answer({"glossaries": list(self.glossaries.values())})

    def post_glossaries(self, body: dict[str, str]) -> Answer:
        assert body["entries_format"] == "tsv"
        rows = list(csv.reader(io.StringIO(body["entries"]), delimiter="\t"))
        assert all(len(row) == 2 and all(row) for row in rows)
        self.made += 1
        glossary = {
            "glossary_id": f"id-{self.made}", "name": body["name"], "ready": self.ready, "entry_count": len(rows),
            "source_lang": body["source_lang"].lower(), "target_lang": body["target_lang"].lower(),
            "creation_time": f"2026-11-22T10:00:{self.made:02}.000Z",
        }  # fmt: skip
        self.glossaries[glossary["glossary_id"]] = glossary
        self.entries[glossary["glossary_id"]] = body["entries"]
        return Answer(glossary, 201)

    def post_translate(self, body: dict[str, Any]) -> Answer:
        assert len(body["text"]) <= 50
        assert body["target_lang"] in TARGETS
        if "glossary_id" in body and body["glossary_id"] not in self.glossaries:
            return Answer({"message": "Glossary not found"}, 404)
        texts = [f"{body['target_lang']}:{text}" for text in body["text"]]
        return Answer(
            {
                "translations": [
                    {"detected_source_language": "DE", "text": text, "billed_characters": 1} for text in texts
                ]
            }
        )


def engine(stub: Stub, key: str = KEY) -> DeeplEngine:
    return DeeplEngine(DeeplOptions(key, stub.url, QUICK))


def test_what_is_asked() -> None:
    with serving(Deepl()) as stub:
        deepl = engine(stub)
        found = deepl.translate(["a", "b"], Pair("en", "de"), DecodeOptions(formality="more", n_best=4))
        assert [[one.text for one in hypotheses] for hypotheses in found] == [["DE:a"], ["DE:b"]]
        assert stub.paths() == ["GET /v2/languages", "GET /v2/languages", "POST /v2/translate"]
        assert stub.asked[2].body == {
            "text": ["a", "b"], "source_lang": "EN", "target_lang": "DE", "split_sentences": "0",
            "preserve_formatting": True, "formality": "prefer_more", "show_billed_characters": True,
        }  # fmt: skip
        deepl.translate(["a"], DE_EN)
        assert "formality" not in stub.asked[3].body
        assert "platform" not in stub.asked[3].headers["user-agent"].lower()


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        (Pair("ja", "en"), "EN-GB:a"),
        (Pair("ja", "pt"), "PT-BR:a"),
        (Pair("ja", "zh"), "ZH-HANS:a"),
        (Pair("ja", "zh-Hant"), "ZH-HANT:a"),
        (Pair("zh-Hant", "de"), "DE:a"),
    ],
)
def test_varieties(pair: Pair, text: str) -> None:
    with serving(Deepl()) as stub:
        assert engine(stub).translate(["a"], pair)[0][0].text == text


def test_many_sentences_go_in_several_requests() -> None:
    with serving(Deepl()) as stub:
        assert len(engine(stub).translate(["a"] * 120, DE_EN)) == 120
        assert [len(asked.body["text"]) for asked in stub.asked[2:]] == [50, 50, 20]


TERMS = (("Paket", "parcel"), ("Ersatz teil\t", " spare\n part"), ("", "x"))


def test_a_glossary_is_made_once_and_found_again() -> None:
    server = Deepl()
    with serving(server) as stub:
        options = DecodeOptions(glossary=TERMS)
        first = engine(stub)
        for _ in range(2):
            first.translate(["a"], DE_EN, options)
        engine(stub).translate(["a"], DE_EN, options)  # another process
        assert server.made == 1
        made = next(asked for asked in stub.asked if asked.path == "/v2/glossaries" and asked.method == "POST")
        assert made.body["entries"].splitlines() == ["Paket\tparcel", "Ersatz teil\tspare part"]
        assert made.body["name"].startswith("aftersail de-en ")
        used = [asked.body["glossary_id"] for asked in stub.asked if asked.path == "/v2/translate"]
        assert used == ["id-1", "id-1", "id-1"]


def test_terms_gather_in_one_glossary() -> None:
    server = Deepl()
    with serving(server) as stub:
        deepl = engine(stub)
        messages = ["Paket", "Bestellung", "Paket", "Konto", "Bestellung"]
        for word in messages:
            deepl.translate([word], DE_EN, DecodeOptions(glossary=((word, word.upper()),)))
        deepl.translate(["a"], DE_EN, DecodeOptions(glossary=tuple((word, word.upper()) for word in messages)))
        used = [asked.body["glossary_id"] for asked in stub.asked if asked.path == "/v2/translate"]
        assert used == ["id-1", "id-2", "id-2", "id-3", "id-3", "id-3"]
        assert server.entries["id-3"].splitlines() == ["Paket\tPAKET", "Bestellung\tBESTELLUNG", "Konto\tKONTO"]
        # After a restart.
        engine(stub).translate(["a"], DE_EN, DecodeOptions(glossary=(("Konto", "KONTO"), ("Paket", "PAKET"))))
        assert stub.asked[-1].body["glossary_id"] == "id-3"


def test_markets_that_differ_in_a_term_have_glossaries_of_their_own() -> None:
    with serving(Deepl()) as stub:
        deepl = engine(stub)
        for term in ("parcel", "package", "parcel", "package"):
            deepl.translate(["a"], DE_EN, DecodeOptions(glossary=(("Paket", term), ("Konto", "account"))))
        used = [asked.body["glossary_id"] for asked in stub.asked if asked.path == "/v2/translate"]
        assert used == ["id-1", "id-2", "id-1", "id-2"]


def test_outdated_glossaries_go_and_strangers_stay() -> None:
    server = Deepl()
    stranger = {"name": "marketing", "source_lang": "de", "target_lang": "en", "entries": "a\tb"}
    server.post_glossaries(stranger | {"entries_format": "tsv"})
    with serving(server) as stub:
        deepl = engine(stub)
        for number in range(5):
            deepl.translate(["a"], DE_EN, DecodeOptions(glossary=(("Paket", f"parcel {number}"),)))
        deepl.translate(["a"], Pair("en", "de"), DecodeOptions(glossary=(("parcel", "Paket"),)))
    assert [(id, one["name"].rpartition(" ")[0]) for id, one in server.glossaries.items()] == [
        ("id-1", ""), ("id-4", "aftersail de-en"), ("id-5", "aftersail de-en"), ("id-6", "aftersail de-en"),
        ("id-7", "aftersail en-de"),
    ]  # fmt: skip


def test_a_glossary_deleted_elsewhere_is_made_again() -> None:
    server = Deepl()
    with serving(server) as stub:
        deepl = engine(stub)
        options = DecodeOptions(glossary=TERMS)
        deepl.translate(["a"], DE_EN, options)
        server.glossaries.clear()
        with pytest.raises(EngineDown, match="not found"):
            deepl.translate(["a"], DE_EN, options)
        assert deepl.translate(["a"], DE_EN, options)
        assert server.made == 2


def test_a_glossary_that_is_not_ready_is_waited_for() -> None:
    server = Deepl()
    server.ready = False
    with serving(server) as stub:
        deepl = engine(stub)
        with pytest.raises(EngineDown, match="still making"):
            deepl.translate(["a"], DE_EN, DecodeOptions(glossary=TERMS))
        next(iter(server.glossaries.values()))["ready"] = True
        assert deepl.translate(["a"], DE_EN, DecodeOptions(glossary=TERMS))
        assert server.made == 1


def test_where_deepl_has_no_glossaries_it_says_so() -> None:
    with serving(Deepl()) as stub:
        deepl = engine(stub)
        assert deepl.translate(["a"], Pair("th", "en"), DecodeOptions(glossary=TERMS))
        assert "glossary_id" not in stub.asked[-1].body


@pytest.mark.parametrize(
    ("answer", "error", "message", "tries"),
    [
        (Answer({"message": "Forbidden"}, 403), SetupError, "AFTERSAIL_DEEPL_KEY", 1),
        (Answer({"message": "Quota"}, 456), EngineDown, "[Qq]uota", 1),
        (Answer({"message": "slow"}, 429), EngineDown, "does not answer: Too many requests", 2),
        (Answer({}, 503), EngineDown, "does not answer", 2),
        (Answer({}, 500), EngineDown, "does not answer", 2),
        (Answer({"message": "bad"}, 400), EngineDown, "bad", 1),
        (Answer({"translations": []}), EngineDown, "another number", 1),
    ],
)
def test_what_goes_wrong(answer: Answer, error: type[Exception], message: str, tries: int) -> None:
    server = Deepl()
    with serving(lambda asked: answer if asked.path == "/v2/translate" else server(asked)) as stub:
        with pytest.raises(error, match=message):
            engine(stub).translate(["a"], DE_EN)
        assert stub.paths().count("POST /v2/translate") == tries


def test_a_wrong_key_and_no_server_and_no_key() -> None:
    with serving(Deepl()) as stub, pytest.raises(SetupError, match="refuses the key"):
        engine(stub, "wrong").pairs()
    with pytest.raises(EngineDown, match="does not answer"):
        engine(Stub("http://127.0.0.1:1")).pairs()
    with pytest.raises(SetupError, match="AFTERSAIL_DEEPL_KEY is empty"):
        DeeplEngine(DeeplOptions(""))
    assert KEY not in repr(DeeplOptions(KEY))


def test_missing_pairs() -> None:
    with serving(Deepl()) as stub, pytest.raises(PairUnavailable, match="DeepL does not offer it"):
        engine(stub).translate(["a"], Pair("de", "ko"))
