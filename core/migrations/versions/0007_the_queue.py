"""the queue: what has changed lately is found without reading everything."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_conversations_updated_at", "conversations", ["updated_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_conversations_updated_at", "conversations")
