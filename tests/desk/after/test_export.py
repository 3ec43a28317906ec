"""A conversation handed out: JSON and PDF, as the customer saw it, in every language."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fpdf.fonts import TTFFont

from core.schema_desk import audit_log
from desk.after import export_pdf
from desk.after.export import Line
from desk.after.export_fonts import FontMissing, Fonts
from desk.after.export_pdf import Labels, write_pdf
from markets.load import load_markets
from tests.support.desk import DeskWorld, MakeDesk
from tests.support.installation import cannot_run

MARKETS = load_markets(Path("markets/data"))
SAID = {
    "en": "Where is my parcel? 🔥👍🏽 https://orikka.example/" + "a" * 150,
    "de": "Wo bleibt mein Päckchen? Größe: 3 × 4 cm, „schön“ – danke!",
    "fr": "Où est mon colis ? C’est l’été… déjà 3 semaines à l’œuvre.",
    "es": "¿Dónde está mi paquete? ¡Ya van dos años!",
    "it": "Dov’è il mio pacco? Perché così tardi?",
    "pt": "Onde está meu pacote? Não chegou até amanhã.",
    "ar": "أين طلبي ORK-4821936؟ لم يصل بعد منذ ٣ أيام (12:30).",
    "ja": "荷物がまだ届きません。注文番号は ORK-4821936 です。「至急」ご確認をお願いします。" * 4,
    "ko": "택배가 아직 안 왔어요. 주문 번호는 ORK-4821936 입니다. 빨리 확인해 주세요.",
    "zh": "我的包裹还没到，订单号 ORK-4821936，请尽快处理，谢谢。" * 4,
    "zh-Hant": "我的包裹還沒到，訂單編號 ORK-4821936，請盡快處理，謝謝。" * 4,
    "th": "พัสดุยังไม่มาถึงเลยค่ะ หมายเลขคำสั่งซื้อคือ ORK-4821936 น้ำที่ปั่นแล้วรั่วออกมาทั้งหมดเลยไม่รู้จะทำอย่างไรดีช่วยตรวจสอบด้วย",
    "id": "Paket saya di mana? Sudah 2 minggu belum sampai.",
    "vi": "Đơn hàng của tôi đâu rồi? Đã hai tuần chưa thấy giao tới nơi.",
}
LANGUAGES = tuple(SAID)


def open_case(desk: DeskWorld, language: str) -> str:
    market = next(code for code, item in MARKETS.items() if language in item.languages)
    case = desk.waiting(SAID[language], market=market, language=language)
    desk.client("anna", markets=["*"], languages=list(LANGUAGES))
    desk.act(case.conversation_id, take(), "anna")
    desk.answer(case.conversation_id, "anna", SAID[language], language)
    return case.conversation_id


def take():  # type: ignore[no-untyped-def]
    from conversations.ownership import Event

    return Event.TAKE


def text_of(pdf: bytes, folder: Path, how: str = "-layout") -> str:
    if shutil.which("pdftotext") is None:
        cannot_run("pdftotext is missing; install poppler-utils")
    (folder / "made.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", how, str(folder / "made.pdf"), "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_in_each_language(desk: DeskWorld, language: str) -> None:
    conversation = open_case(desk, language)
    answer = desk.client("anna").get(f"/desk/c/{conversation}/export.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b".notdef" not in answer.content[:2000]
    assert len(answer.content) < 400_000


def test_letters_are_found_again(desk: DeskWorld, tmp_path: Path) -> None:
    for language in ("de", "ko", "vi"):
        conversation = open_case(desk, language)
        text = text_of(desk.client("anna").get(f"/desk/c/{conversation}/export.pdf").content, tmp_path)
        assert re.sub(r"\s", "", SAID[language][:25]) in re.sub(r"\s", "", text)


def test_a_picture_without_a_font_is_named(desk: DeskWorld, tmp_path: Path) -> None:
    conversation = open_case(desk, "en")
    text = text_of(desk.client("anna").get(f"/desk/c/{conversation}/export.pdf").content, tmp_path)
    assert "[fire]" in text or "🔥" in text


def test_a_missing_font_is_named_with_its_package(make_desk: MakeDesk, tmp_path: Path) -> None:
    empty = tmp_path / "fonts"
    empty.mkdir()
    desk = make_desk(font_dir=str(empty))
    conversation = open_case(desk, "ja")
    answer = desk.client("anna", partial=True).get(f"/desk/c/{conversation}/export.pdf")
    assert answer.status_code == 503
    assert answer.json()["error"] == "FontMissing"
    assert "fonts-noto" in answer.json()["text"]


@pytest.mark.parametrize(("char", "package"), [("荷", "fonts-noto-cjk"), ("ж", "fonts-noto-core")])
def test_the_package_fits_the_script(tmp_path: Path, char: str, package: str) -> None:
    with pytest.raises(FontMissing) as error:
        Fonts(str(tmp_path)).choose(char, "de")
    assert error.value.values["package"] == package


def test_json_is_what_the_customer_saw(desk: DeskWorld) -> None:
    conversation = open_case(desk, "de")
    desk.record.note(conversation, {"content": "secret_event"})
    client = desk.client("anna")
    client.post(f"/desk/c/{conversation}/notes", data={"text": "Zicke, nervt"})
    answer = client.get(f"/desk/c/{conversation}/export.json")
    data = answer.json()
    assert (data["schema"], data["version"], data["language"]) == ("aftersail.conversation", 1, "de")
    assert [item["from"] for item in data["messages"]] == ["customer", "agent"]
    assert "secret_event" not in answer.text
    assert "Zicke" not in answer.text
    assert "anna" not in answer.text
    assert data["time_zone"] == "Europe/Berlin"


def test_who_took_it_out_is_written_down(desk: DeskWorld) -> None:
    conversation = open_case(desk, "de")
    desk.client("anna").get(f"/desk/c/{conversation}/export.json")
    with desk.engine.connect() as connection:
        row = connection.execute(sa.select(audit_log).where(audit_log.c.action == "export")).one()
    assert (row.who, row.target, row.market) == ("agent:anna", conversation, "DE")


def test_another_markets_is_not_there(desk: DeskWorld) -> None:
    conversation = open_case(desk, "de")
    stranger = desk.client("franz", markets=["FR"])
    for ending in ("json", "pdf"):
        assert stranger.get(f"/desk/c/{conversation}/export.{ending}").status_code == 404
    editor = desk.client("edda", role="editor")
    assert editor.get(f"/desk/c/{conversation}/export.pdf").status_code == 403


def test_what_never_left_is_left_out(desk: DeskWorld) -> None:
    from core.schema import messages

    conversation = open_case(desk, "de")
    with desk.engine.begin() as connection:
        connection.execute(sa.update(messages).where(messages.c.direction == "out").values(status="withdrawn"))
    data = desk.client("anna").get(f"/desk/c/{conversation}/export.json").json()
    assert [item["from"] for item in data["messages"]] == ["customer"]


def test_a_long_conversation_has_pages_and_a_bound(desk: DeskWorld, tmp_path: Path) -> None:
    conversation = open_case(desk, "de")
    for number in range(60):
        desk.write(f"Nachricht {number}: " + "Wort " * 60, sender=desk.conversation(conversation).sender)
    answer = desk.client("anna").get(f"/desk/c/{conversation}/export.pdf")
    text = text_of(answer.content, tmp_path)
    assert answer.status_code == 200
    assert re.search(r"Seite 2 von \d", text)


def written(text: str, language: str, count: int = 1) -> bytes:
    roles = {"customer": "You"}
    labels = Labels(language, language, language == "ar", "Title", ["head"], roles, "{file}", "Page {page}")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    said = [Line(number, "customer", now, text, language) for number in range(1, count + 1)]
    return write_pdf(said, ["12:30"] * count, labels, Fonts(), now)


@pytest.mark.parametrize("language", ["en", "ar", "th", "ja"])
def test_the_work_grows_as_the_text_does(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    shaped: list[int] = []
    shape = TTFFont.perform_harfbuzz_shaping

    def counted(font: TTFFont, text: str, *more: Any) -> Any:
        shaped.append(len(text))
        return shape(font, text, *more)

    monkeypatch.setattr(TTFFont, "perform_harfbuzz_shaping", counted)
    text = f"{SAID[language].replace('a' * 150, '')} " * 12
    written(text, language)
    assert sum(shaped) < 6 * len(text), "each beginning of a line was shaped anew: 40 s for a long conversation"


def heights(pdf: bytes, folder: Path, word: str) -> set[str]:
    """How high the word stands, in points, wherever it stands."""
    found = re.findall(rf'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">{word}<', text_of(pdf, folder, "-bbox"))
    assert len(found) > 1
    return {f"{float(bottom) - float(top):.1f}" for top, bottom in found}


def test_a_line_in_another_script_leaves_the_next_ones_its_size(tmp_path: Path) -> None:
    made = written("พัสดุ\nORK-4821936\nORK-4821936 พัสดุ", "th", 2)
    (words,), (small,) = heights(made, tmp_path, "ORK-4821936"), heights(made, tmp_path, "12:30")
    assert float(words) > 1.2 * float(small), "it stood in the size of the heading before"


def test_the_foot_of_each_page_is_alike(tmp_path: Path) -> None:
    assert len(heights(written("word " * 400, "en", 6), tmp_path, "Page")) == 1


def test_too_many_words_for_pages_are_told_with_the_way_out(desk: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation, client = open_case(desk, "de"), desk.client("anna", partial=True)
    monkeypatch.setattr(export_pdf, "MOST_CHARACTERS", 100)
    answer = client.get(f"/desk/c/{conversation}/export.pdf")
    assert (answer.status_code, answer.json()["error"]) == (422, "PdfTooLong")
    assert "JSON" in answer.json()["text"]
    assert "characters" in answer.json()["text"]
    assert client.get(f"/desk/c/{conversation}/export.json").status_code == 200
