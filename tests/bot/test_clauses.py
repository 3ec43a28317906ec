"""Where a writer pauses, in every script."""

import pytest

from bot.clauses import MOST, clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("where is my parcel", []),
        ("where is my parcel?", []),
        ("9,90 € paid", []),  # a decimal sign is no pause
        ("my parcel is late, i want a human", ["my parcel is late", "i want a human"]),
        ("荷物が届きません。担当者と話したいです", ["荷物が届きません", "担当者と話したいです"]),
        ("包裹还没到，我要找人工", ["包裹还没到", "我要找人工"]),
        ("ขอคุยกับเจ้าหน้าที่หน่อยค่ะ พัสดุยังไม่ถึง", ["ขอคุยกับเจ้าหน้าที่หน่อยค่ะ", "พัสดุยังไม่ถึง"]),
        ("届いた商品が壊れていた 人と話したいです", ["届いた商品が壊れていた", "人と話したいです"]),
        ("收到的东西坏了\u3000我要人工客服", ["收到的东西坏了", "我要人工客服"]),
        ("물건이 깨져서 왔어요 상담원 연결해주세요", []),  # Korean has spaces between words
        ("الجهاز لا يعمل، حولوني إلى شخص", ["الجهاز لا يعمل", "حولوني إلى شخص"]),
        ("kaputt – bitte einen Mitarbeiter", ["kaputt", "bitte einen Mitarbeiter"]),
        ("hi, ok, 5", []),  # too few letters to say anything
    ],
)
def test_a_message_is_cut_where_its_writer_paused(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


def test_a_long_message_has_a_bounded_number_of_clauses() -> None:
    found = clauses(", ".join(f"clause number {letter}" for letter in "abcdefghij"))
    assert len(found) == MOST
    assert found[-1].endswith("clause number j")
