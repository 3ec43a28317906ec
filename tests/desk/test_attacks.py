"""What an attacker tries against the desk as a whole: odd requests, odd texts, files that programs open."""

import csv
import io
import re
import time

import pytest
import sqlalchemy as sa
from starlette.responses import Response
from starlette.testclient import TestClient

from core.schema_desk import agent_sessions
from desk.after import export_pages
from desk.audit import audit
from desk.live.watch import living_sessions
from desk.people.sessions import IDLE_S, digest_of
from desk.web.routing import COOKIE
from desk.web.spreadsheet import as_text
from tests.desk.conversation.pages import elements
from tests.desk.conversation.test_access import evil_conversation
from tests.desk.test_door import pages_of
from tests.support.desk import DeskWorld

FORM = "application/x-www-form-urlencoded"
NOT_SWEPT = ("/stream", "/sign-in/openid", "export.pdf")


@pytest.fixture
def guest(desk: DeskWorld) -> TestClient:
    """Somebody without an account."""
    return desk.client()


# --- requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["punycode", "idna", "undefined", "unicode_escape", "utf-7", "utf-16"])
def test_a_form_in_a_strange_codec_is_refused_at_once(guest: TestClient, codec: str) -> None:
    boundary = "multipart/form-data; boundary=x"
    part = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nxn--' + b"a" * 190_000 + b"\r\n--x--\r\n"
    began = time.process_time()
    for kind in (f"{boundary}; charset={codec}", f'{boundary}; Charset="{codec.upper()}"'):
        assert guest.post("/desk/sign-in", content=part, headers={"content-type": kind}).status_code == 422
    assert time.process_time() - began < 1


@pytest.mark.parametrize("kind", [f"{FORM}; charset=UTF-8", f"{FORM};charset=utf8", FORM])
def test_a_form_may_say_that_it_is_utf_8(guest: TestClient, kind: str) -> None:
    answer = guest.post("/desk/sign-in", content=b"name=a&password=b", headers={"content-type": kind})
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"&" * 199_000, b"a=1&" * 49_000, b"a=" + b"%" * 190_000, b"=" * 199_000])
def test_a_form_made_to_be_slow_is_not(guest: TestClient, body: bytes) -> None:
    began = time.process_time()
    assert guest.post("/desk/sign-in", content=body, headers={"content-type": FORM}).status_code in (401, 422, 429)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "path", ["/desk/c/%00", "/desk/c/a%00b/thread", "/desk/queue?view=waiting&market=%00", "/desk/audit?who=a%00"]
)
def test_no_address_has_a_nul(desk: DeskWorld, path: str) -> None:
    assert desk.client("root", role="admin").get(path).status_code == 404


def test_a_nul_in_a_form_or_cookie_is_left_out(desk: DeskWorld) -> None:
    anna = desk.client("anna")
    conversation = desk.waiting().conversation_id
    form = {"seen": "1", "key": "a" * 32, "text": "Hallo\0 Welt"}
    assert anna.post(f"/desk/c/{conversation}/notes", data=form).is_redirect
    assert "Hallo Welt" in anna.get(f"/desk/c/{conversation}/notes").text
    anna.cookies.set("aftersail_queue", "view=waiting&market=D%00E")
    assert conversation in anna.get("/desk/queue").text


@pytest.mark.parametrize("after", ["9" * 30 + "|1|x", "-1|1|x", "1|x|x", "", "1", "-9223372036854775809|1|x"])
def test_a_place_in_the_queue_is_bounded(desk: DeskWorld, after: str) -> None:
    answer = desk.client("anna").get("/desk/queue/more", params={"view": "waiting", "after": after})
    assert answer.status_code == 422


# --- what others wrote -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("partial", [False, True])
def test_nothing_that_somebody_wrote_becomes_markup_on_any_page(desk: DeskWorld, partial: bool) -> None:
    evil = "<img src=x onerror=alert(1)>'\"><script>alert(2)</script>"
    desk.add_agent("mal", display_name=evil, email=f"{evil}@x.test", skills=[evil])
    root = desk.client("root", role="admin", partial=partial, languages=["en", "de"])
    conversation = evil_conversation(desk)
    with desk.engine.begin() as connection:
        audit(connection, f"agent:{evil}", evil, target=evil, market="DE", details={evil: evil})
    query = {name: evil for name in ("q", "who", "action", "market", "target", "language", "owner", "type", "days")}
    shown = 0
    for page in pages_of(desk):
        if page.method != "GET" or any(part in page.path for part in NOT_SWEPT):
            continue
        path = re.sub(r"\{(?!id\})[^}]+\}", "x", page.path).replace("{id}", conversation)
        for asked in ({}, query | {"view": "people"}):
            answer = root.get(f"/desk{path}", params=asked)
            assert answer.status_code < 500, path
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert "<img src=x" not in answer.text, path
                assert "alert(2)</script>" not in answer.text, path
                assert not [item for item in elements(answer.text) if "onerror" in item.attributes], path
                shown += answer.text.count("&lt;img src=x")
            assert all("\n" not in value for value in answer.headers.values())
    assert shown > 50


# --- files that spreadsheets open ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t'=1"),
        ("\n=1", "'\n'=1"),
        ("a;=1", "a;'=1"),
        ("a\t@b", "a\t'@b"),
        ("a\r\n-1", "a\r\n'-1"),
        ("Lieferung; 2 × 3 = 6", "Lieferung; 2 × 3 = 6"),
        ("a-b@c.de", "a-b@c.de"),
        ("", ""),
    ],
)
def test_a_cell_is_no_formula(cell: str, safe: str) -> None:
    assert as_text(cell) == safe


def test_both_files_have_no_formulas(desk: DeskWorld) -> None:
    root = desk.client("root", role="admin")
    case = desk.waiting(market="DE").conversation_id
    form = {"kind": "coupon", "amount": "5", "reason": "late", "key": "k" * 16, "note": "gut;=1+1"}
    assert root.post(f"/desk/c/{case}/compensation", data=form).status_code == 200
    with desk.engine.begin() as connection:
        audit(connection, "＝1+1", "\t=x", target="a;@x", market="DE")
    for path in ("/desk/compensations.csv", "/desk/audit.csv"):
        for row in csv.reader(io.StringIO(root.get(path).text.removeprefix("\ufeff"))):
            for part in (piece for cell in row for piece in re.split("[;\t]", cell)):
                assert not re.match(r"\s*[=+@＝]", part), row


# --- files for people ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filler", ["\n", "\n ", " ", ".", "(", "12 ", "😀", "\u200b", "a\u0301" + "\u0301" * 500, "สวัสดี"]
)
def test_no_customers_words_keep_a_conversation_from_being_exported(desk: DeskWorld, filler: str) -> None:
    text = "Anfang" + filler * (4_900 // len(filler)) + "Ende"
    conversation = desk.waiting(text).conversation_id
    began = time.process_time()
    answer = desk.client("anna").get(f"/desk/c/{conversation}/export.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert time.process_time() - began < 8


def test_one_file_is_written_at_a_time(desk: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_pages, "WAIT_S", 0.05)
    conversation, anna = desk.waiting().conversation_id, desk.client("anna")
    inside: list[int] = []

    def busy(_: object) -> Response:
        inside.append(anna.get(f"/desk/c/{conversation}/export.pdf").status_code)
        return Response("made")

    monkeypatch.setattr(export_pages, "_pdf", busy)
    assert anna.get(f"/desk/c/{conversation}/export.pdf").text == "made"
    assert inside == [429]
    monkeypatch.setattr(export_pages, "_pdf", lambda _: Response("free again"))
    assert anna.get(f"/desk/c/{conversation}/export.pdf").text == "free again"


# --- sessions --------------------------------------------------------------------------------------------------------


def test_a_stream_ends_with_a_session_that_was_still_for_too_long(desk: DeskWorld) -> None:
    digest = digest_of(desk.client("anna").cookies[COOKIE])
    with desk.engine.begin() as connection:
        assert digest in living_sessions(connection, [digest], desk.clock.now)
        connection.execute(sa.update(agent_sessions).values(seen_at=desk.clock.now - IDLE_S - 1))
        assert living_sessions(connection, [digest], desk.clock.now) == {}
