"""the files: agents send some too, which wait for their message."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.alter_column("message_id", existing_type=sa.String(length=32), nullable=True)
        batch_op.add_column(sa.Column("conversation_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("author", sa.String(length=64), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_media_conversation_id"), "conversations", ["conversation_id"], ["id"]
        )
        batch_op.create_index("ix_media_conversation_id", ["conversation_id"], unique=False)


def downgrade() -> None:
    """Undo; files that were never sent are forgotten."""
    op.execute("DELETE FROM media WHERE message_id IS NULL")
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.drop_index("ix_media_conversation_id")
        batch_op.drop_constraint(batch_op.f("fk_media_conversation_id"), type_="foreignkey")
        batch_op.drop_column("author")
        batch_op.drop_column("conversation_id")
        batch_op.alter_column("message_id", existing_type=sa.String(length=32), nullable=False)
