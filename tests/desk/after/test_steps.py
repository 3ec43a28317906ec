"""Steps of a case: the right ones for its reason and market, ticked by somebody."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import ContentError
from core.schema_desk import audit_log, sop_marks
from desk.after.steps_model import load_steps
from desk.web.words import load_words
from markets.load import load_markets
from tests.support.desk import DeskWorld

MARKETS = load_markets(Path("markets/data"))
BOOK = load_steps()
REASONS = {
    "safety_issue": "safety", "report_damage": "damaged", "missing_part": "missing_part", "complaint": "complaint",
    "cancel_order": "cancel", "change_address": "address", "proof_failed": "proof", "no_order_number": "proof",
    "asked_for_person": "person", "accepted_offer": "person", "taken_over": "person", "misunderstood": "misunderstood",
    "undelivered": "undelivered", "gate_blocked": "withheld", "something_new": "person",
}  # fmt: skip


@pytest.mark.parametrize(("reason", "kind"), REASONS.items())
def test_each_reason_has_its_steps(desk: DeskWorld, reason: str, kind: str) -> None:
    case = desk.waiting(reason=reason)
    text = desk.client("anna", partial=True).get(f"/desk/c/{case.conversation_id}/steps").text
    assert f'<option value="{kind}" selected>' in text


def test_every_reason_of_the_bot_is_known() -> None:
    source = "\n".join(path.read_text() for folder in ("actions", "aftersail") for path in Path(folder).glob("*.py"))
    found = set(re.findall(r'hand_off\(turn, "(\w+)"', source)) | set(re.findall(r'^REASON = "(\w+)"', source, re.M))
    assert found
    assert found <= set(BOOK.by_reason), found - set(BOOK.by_reason)


@pytest.mark.parametrize("market", sorted(MARKETS))
def test_four_to_seven_in_every_market(market: str) -> None:
    for kind in BOOK.types:
        assert 4 <= len(BOOK.steps(kind, MARKETS[market])) <= 7, (market, kind)


def test_every_step_has_words_and_every_reply_exists() -> None:
    names = set(Path("knowledge/data/replies/en.yml").read_text().split())
    for kind, steps in BOOK.types.items():
        for step in steps:
            assert all(words.has(f"steps.of.{step.id}") for words in load_words().values())
            assert not step.reply or f"{step.reply}:" in names, step.reply
        assert all(words.has(f"steps.type.{kind}") for words in load_words().values())


def test_the_market_decides(desk: DeskWorld) -> None:
    with_flag = next(code for code, item in MARKETS.items() if item.flag("free_returns"))
    without = next(code for code, item in MARKETS.items() if not item.flag("free_returns"))
    assert "label_free" in {step.key for step in BOOK.steps("return", MARKETS[with_flag])}
    assert "label_paid" in {step.key for step in BOOK.steps("return", MARKETS[without])}


def test_ticks_stay_with_who_made_them_first(desk: DeskWorld) -> None:
    case = desk.waiting(reason="complaint")
    address = f"/desk/c/{case.conversation_id}/steps"
    anna, bert = desk.client("anna", partial=True), desk.client("bert", partial=True)
    assert anna.post(address, data={"step": "complaint.read", "done": "1"}).status_code == 200
    text = bert.post(address, data={"step": "complaint.read", "done": "1"}).text
    assert "1 of 7 done" in text
    assert "Anna" in text
    with desk.engine.connect() as connection:
        assert [row.done_by for row in connection.execute(sa.select(sop_marks))] == ["agent:anna"]
        assert len(connection.execute(sa.select(audit_log).where(audit_log.c.action == "step")).all()) == 1
    assert "0 of 7 done" in bert.post(address, data={"step": "complaint.read", "done": "0"}).text


def test_what_is_refused(desk: DeskWorld) -> None:
    case = desk.waiting()
    address = f"/desk/c/{case.conversation_id}/steps"
    agent = desk.client("anna", partial=True)
    for step in ("nothing.at_all", "complaint.x", "", "<b>"):
        assert agent.post(address, data={"step": step, "done": "1"}).status_code == 422
    stranger = desk.client("franz", markets=["FR"], partial=True)
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, data={"step": "complaint.read", "done": "1"}).status_code == 404
    assert agent.get(address + "?type=<script>").status_code == 200


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("types: []\nfallback: x\n", "fallback"),
        (
            "types:\n  - {type: a, reasons: [], steps: [{key: 1}, {key: b}, {key: c}]}\nfallback: a\n",
            ":2: a: a step is",
        ),
        ("types:\n  - {type: a, reasons: [], steps: [{key: b}]}\nfallback: a\n", ":2: a: 3 to 9"),
        (
            "types:\n  - type: a\n    reasons: []\n    steps:\n      - {key: x}\n      - {key: y, link: moon}\n"
            "      - {key: z}\nfallback: a\n",
            ":6: a.y: link",
        ),
    ],
)
def test_a_wrong_file_names_the_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "steps.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(complaint)):
        load_steps(file)
