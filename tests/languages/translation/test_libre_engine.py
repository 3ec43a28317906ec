"""LibreTranslate: a stub for what goes wrong, and the real server (`make libretranslate`) for what goes right."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import SetupError
from languages.translation.argos_engine import ArgosEngine
from languages.translation.argos_packages import PackageStore
from languages.translation.engine import DecodeOptions, EngineDown, Hypothesis, Pair, PairUnavailable
from languages.translation.libre_engine import LibreEngine, LibreOptions
from languages.translation.remote import RemoteOptions
from tests.languages.translation.conftest import ROOT
from tests.languages.translation.http_stub import Answer, Asked, serving
from tests.support.installation import cannot_run

SERVER = ROOT / "var" / "libretranslate" / "bin"
KEY = "test-key"
QUICK = RemoteOptions(timeout=2.0, attempts=2, first_pause=0.001, failures=2)
LANGUAGES = [
    {"code": "en", "name": "English", "targets": ["de", "en", "zh-Hant", "pt-BR"]},
    {"code": "de", "name": "German", "targets": ["de", "en"]},
]
DE_EN = Pair("de", "en")


def translating(asked: Asked) -> Answer:
    if asked.path == "/languages":
        return Answer(LANGUAGES)
    texts = [f"<{text}>" for text in asked.body["q"]]
    others = [[f"{n}{text}" for n in range(asked.body["alternatives"])] for text in texts]
    return Answer({"translatedText": texts} | ({"alternatives": others} if asked.body["alternatives"] else {}))


def test_what_is_asked() -> None:
    with serving(translating) as stub:
        engine = LibreEngine(LibreOptions(stub.url + "/", "secret", QUICK))
        found = engine.translate(["a", "b"], Pair("en", "zh-Hant"), DecodeOptions(n_best=2))
        assert found == [
            [Hypothesis("<a>", 0.0), Hypothesis("0<a>", 0.0)],
            [Hypothesis("<b>", 0.0), Hypothesis("0<b>", 0.0)],
        ]
        engine.translate(["c"], DE_EN)
        assert stub.paths() == ["GET /languages", "POST /translate", "POST /translate"]
        assert stub.asked[1].body == {
            "q": ["a", "b"], "source": "en", "target": "zh-Hant", "format": "text", "alternatives": 1,
            "api_key": "secret",
        }  # fmt: skip
        assert engine.pairs() == {DE_EN, Pair("en", "de"), Pair("en", "zh-Hant"), Pair("en", "pt")}


def test_many_sentences_go_in_several_requests_and_no_key_is_sent_when_there_is_none() -> None:
    with serving(translating) as stub:
        texts = [str(number) for number in range(60)]
        found = LibreEngine(LibreOptions(stub.url, remote=QUICK)).translate(texts, DE_EN)
        assert [one[0].text for one in found] == [f"<{text}>" for text in texts]
        assert [len(asked.body["q"]) for asked in stub.asked[1:]] == [25, 25, 10]
        assert "api_key" not in stub.asked[1].body


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (Answer({"error": "Invalid API key"}, 403), SetupError, r"refuses the key \(Invalid API key\)"),
        (Answer({"error": "Slowdown"}, 429, {"Retry-After": "0"}), EngineDown, "HTTP 429"),
        (Answer({"error": "Cannot translate"}, 500), EngineDown, "HTTP 500"),
        (Answer(b"<html>", 502), EngineDown, "HTTP 502"),
        (Answer({"error": "q exceeds text limit"}, 400), EngineDown, "HTTP 400 q exceeds text limit"),
        (Answer(b"<html>"), EngineDown, "without JSON"),
        (Answer(b"[" * 2_000_001), EngineDown, "without JSON"),
        (Answer({"translatedText": []}), EngineDown, "another number of sentences"),
        (Answer({"translatedText": "a"}), EngineDown, "another number of sentences"),
        (Answer({"translatedText": ["a"], "alternatives": [[], []]}), EngineDown, "another number of sentences"),
        (Answer({}, 302, {"Location": "http://127.0.0.1:1/"}), EngineDown, "HTTP 302"),
    ],
)
def test_what_goes_wrong(answer: Answer, error: type[Exception], message: str) -> None:
    with serving(lambda asked: Answer(LANGUAGES) if asked.path == "/languages" else answer) as stub:
        with pytest.raises(error, match=message):
            LibreEngine(LibreOptions(stub.url, remote=QUICK)).translate(["a"], DE_EN)
        tries = [asked for asked in stub.asked if asked.path == "/translate"]
        assert len(tries) == (2 if answer.status in (429, 500, 502) else 1)


def test_a_stumble_is_no_fall() -> None:
    answers = iter([Answer(LANGUAGES), Answer({}, 503), Answer({"translatedText": ["ok"]})])
    with serving(lambda _: next(answers)) as stub:
        assert LibreEngine(LibreOptions(stub.url, remote=QUICK)).translate(["a"], DE_EN)[0][0].text == "ok"


def test_a_server_that_is_away_is_left_alone() -> None:
    engine = LibreEngine(LibreOptions("http://127.0.0.1:1", remote=QUICK))
    for message in ("does not answer", "does not answer", "asked again in"):
        with pytest.raises(EngineDown, match=message):
            engine.pairs()


@pytest.mark.parametrize("body", [{"no": "list"}, [{"code": "en"}], [1]])
def test_something_else_answers(body: object) -> None:
    with serving(lambda _: Answer(body)) as stub, pytest.raises(EngineDown, match="is it LibreTranslate"):
        LibreEngine(LibreOptions(stub.url, remote=QUICK)).pairs()


def test_a_missing_pair_is_told() -> None:
    with serving(translating) as stub, pytest.raises(PairUnavailable, match="--load-only"):
        LibreEngine(LibreOptions(stub.url, remote=QUICK)).translate(["a"], Pair("ja", "en"))


def test_options_say_what_is_wrong_and_keep_the_key() -> None:
    with pytest.raises(SetupError, match="AFTERSAIL_LIBRETRANSLATE_URL"):
        LibreEngine(LibreOptions("localhost:5000"))
    assert "secret" not in repr(LibreOptions("http://x", "secret"))


@pytest.fixture(scope="module")
def server(store: PackageStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real LibreTranslate with our packages and no network."""
    if not (SERVER / "libretranslate").exists():
        cannot_run("no LibreTranslate; `make libretranslate` installs it")
    home = tmp_path_factory.mktemp("libretranslate")
    environment = _environment(home, store)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        SERVER / "libretranslate", "--host", "127.0.0.1", "--port", str(port), "--load-only", "de,en,ja",
        "--disable-files-translation", "--disable-web-ui", "--api-keys", "--api-keys-db-path", home / "keys.db",
    ]  # fmt: skip
    (home / "keys.db").touch()
    keys = [SERVER / "ltmanage", "keys", "--api-keys-db-path", home / "keys.db", "add", "1000", "--key", KEY]
    subprocess.run(keys, env=environment, check=True, timeout=60, capture_output=True)
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/health", process, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _environment(home: Path, store: PackageStore) -> dict[str, str]:
    """Its own home; sentences by a blank spaCy pipeline where it would look for the one it downloads."""
    pipeline = home / "cache" / "argos-translate" / "spacy"
    pipeline.parent.mkdir(parents=True)
    code = f"import spacy; spacy.blank('xx').to_disk({str(pipeline)!r})"
    subprocess.run([SERVER / "python", "-c", code], check=True, timeout=60)
    (pipeline / "senter").mkdir()
    (pipeline / "senter" / "model").touch()
    return os.environ | {
        "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"), "ARGOS_PACKAGES_DIR": str(store.installed_dir),
        "ARGOS_CHUNK_TYPE": "SPACY",
    }  # fmt: skip


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"LibreTranslate did not start:\n{log.read_text()[-3000:]}")


@pytest.mark.slow
def test_the_real_server_translates(server: str, store: PackageStore) -> None:
    engine = LibreEngine(LibreOptions(server, KEY))
    assert {DE_EN, Pair("en", "ja"), Pair("de", "ja")} <= engine.pairs()
    sentences = ["Wo ist mein Paket?", "Vielen Dank für Ihre Bestellung."]
    found = engine.translate(sentences, DE_EN, DecodeOptions(n_best=3))
    assert [1 <= len(hypotheses) <= 3 for hypotheses in found] == [True, True]
    # LibreTranslate puts the source's last mark and first letter's case on what Argos says.
    ours = ArgosEngine(store).translate(sentences, DE_EN)
    for theirs, own in zip(found, ours, strict=True):
        assert theirs[0].text.rstrip(".?!").lower() == own[0].text.rstrip(".?!").lower()


@pytest.mark.slow
def test_the_real_server_refuses(server: str) -> None:
    with pytest.raises(SetupError, match="AFTERSAIL_LIBRETRANSLATE_KEY"):
        LibreEngine(LibreOptions(server, "wrong")).translate(["Hallo"], DE_EN)
    with pytest.raises(PairUnavailable):
        LibreEngine(LibreOptions(server, KEY)).translate(["Hallo"], Pair("de", "fr"))
