"""ownership: one open hand-off with its clock and its end, events with what happened, episodes that follow others."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW_COLUMNS = {
    "handoffs": ("settled", "resolved_by", "resolution", "escalated", "waiting_since"),
    "ownership_events": ("last_seq", "event"),
    "conversations": ("follows",),
}
OPEN = sa.text("resolved_at IS NULL")
# A person-owned or closed conversation has nothing for the bot, and whoever waits has one open hand-off.
MENDED = (
    "UPDATE handoffs SET resolution = 'handed_back' WHERE resolved_at IS NOT NULL",
    """UPDATE handoffs SET resolved_at = created_at, resolution = 'closed', resolved_by = 'migration'
       WHERE resolved_at IS NULL AND (
         conversation_id IN (SELECT id FROM conversations WHERE owner = 'bot' OR state = 'closed')
         OR EXISTS (SELECT 1 FROM handoffs later WHERE later.conversation_id = handoffs.conversation_id
                    AND later.resolved_at IS NULL AND (later.created_at > handoffs.created_at
                    OR (later.created_at = handoffs.created_at AND later.id > handoffs.id))))""",
    "UPDATE handoffs SET waiting_since = created_at WHERE resolved_at IS NULL",
    """UPDATE conversations SET owner = 'bot' WHERE state = 'open' AND owner <> 'bot'
       AND id NOT IN (SELECT conversation_id FROM handoffs WHERE resolved_at IS NULL)""",
    """UPDATE messages SET status = 'handled' WHERE direction = 'in' AND status = 'received'
       AND conversation_id IN (SELECT id FROM conversations WHERE owner <> 'bot' OR state = 'closed')""",
    """UPDATE conversations SET pending = 0, pending_since = NULL, lease_holder = NULL, lease_until = 0
       WHERE owner <> 'bot' OR state = 'closed'""",
)


def upgrade() -> None:
    """Apply."""
    op.add_column("conversations", sa.Column("follows", sa.String(length=32), nullable=True))
    op.add_column("ownership_events", sa.Column("event", sa.String(length=16), server_default="", nullable=False))
    op.add_column("ownership_events", sa.Column("last_seq", sa.Integer(), server_default="0", nullable=False))
    op.add_column("handoffs", sa.Column("waiting_since", sa.Float(), nullable=True))
    op.add_column("handoffs", sa.Column("escalated", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("handoffs", sa.Column("resolution", sa.String(length=16), nullable=True))
    op.add_column("handoffs", sa.Column("resolved_by", sa.String(length=64), nullable=True))
    op.add_column("handoffs", sa.Column("settled", sa.JSON(none_as_null=True), nullable=True))
    for statement in MENDED:
        op.execute(sa.text(statement))
    op.create_index(
        "uq_handoffs_open", "handoffs", ["conversation_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("uq_handoffs_open", "handoffs")
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
