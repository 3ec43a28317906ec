"""A conversation handed out: JSON and PDF, as the customer saw it, in every language."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.schema_desk import audit_log
from desk.after.export_fonts import FontMissing, Fonts
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


def text_of(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        cannot_run("pdftotext is missing; install poppler-utils")
    (folder / "made.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(folder / "made.pdf"), "-"], capture_output=True, check=True, timeout=60
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
