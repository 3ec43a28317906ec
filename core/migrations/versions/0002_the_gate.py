"""the gate: outbound messages carry its verdict."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("messages", sa.Column("gate", sa.JSON(), nullable=True))
    # Messages of the time before the gate say so by an empty verdict.
    op.execute(sa.text("UPDATE messages SET gate = '{}' WHERE direction = 'out'"))
    with op.batch_alter_table("messages") as batch_op:
        batch_op.create_check_constraint("gate", "direction = 'in' OR gate IS NOT NULL")


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint("gate", type_="check")
        batch_op.drop_column("gate")
