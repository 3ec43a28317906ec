"""What an older database holds becomes what the rules of ownership say."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Engine

from core.database import MIGRATIONS, open_engine
from core.settings import Settings


def migrated(engine: Engine, to: str, down: bool = False) -> None:
    """Bring the database to a revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)


def test_each_conversation_of_a_person_keeps_one_open_hand_off(tmp_path: Path) -> None:
    engine = open_engine(Settings(data_dir=tmp_path, _env_file=None))
    migrated(engine, "0003")
    people = {"q": ("queue", "open"), "b": ("bot", "open"), "c": ("queue", "closed"), "lost": ("agent:a", "open")}
    with engine.begin() as connection:
        for name, (owner, state) in people.items():
            connection.exec_driver_sql(
                "INSERT INTO conversations (id, channel, sender, market, language_state, hints, owner, state, pending,"
                " pending_since, created_at, updated_at) VALUES (?, 'w', ?, 'DE', '{}', '{}', ?, ?, 1, 1, 1, 1)",
                (name, name, owner, state),
            )
            connection.exec_driver_sql(
                "INSERT INTO messages (id, conversation_id, seq, direction, author, kind, text, payload, channel,"
                " status, created_at) VALUES (?, ?, 1, 'in', 'customer', 'text', 'x', '{}', 'w', 'received', 1)",
                (f"m-{name}", name),
            )
        for number, (name, resolved) in enumerate([("q", 5), ("q", None), ("q", None), ("b", None), ("c", None)]):
            connection.exec_driver_sql(
                "INSERT INTO handoffs (id, conversation_id, reason, tier, packet, created_at, promised_at, resolved_at)"
                " VALUES (?, ?, 'x', 'ordinary', '{}', ?, 1, ?)",
                (f"h{number}", name, number, resolved),
            )
    migrated(engine, "0004")
    with engine.connect() as connection:
        handoffs = connection.execute(sa.text("SELECT id, resolution, waiting_since FROM handoffs ORDER BY id")).all()
        states = connection.execute(sa.text("SELECT id, owner, pending FROM conversations ORDER BY id")).all()
        messages = connection.execute(sa.text("SELECT id, status FROM messages ORDER BY id")).all()
    assert [tuple(row) for row in handoffs] == [
        ("h0", "handed_back", None),
        ("h1", "closed", None),
        ("h2", None, 2.0),  # the newest one of those that were open
        ("h3", "closed", None),
        ("h4", "closed", None),
    ]
    assert [tuple(row) for row in states] == [("b", "bot", 1), ("c", "queue", 0), ("lost", "bot", 1), ("q", "queue", 0)]
    assert dict(tuple(row) for row in messages) == {
        "m-b": "received", "m-c": "handled", "m-lost": "received", "m-q": "handled",
    }  # fmt: skip
    migrated(engine, "0003", down=True)
    assert "follows" not in {column["name"] for column in sa.inspect(engine).get_columns("conversations")}
