"""the casework: promises, compensation, surveys, steps that were done, cases at other desks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEW_TABLES = (
    "compensations",
    "reads",
    "sop_marks",
    "surveys",
    "helpdesk_cases",
    "helpdesk_messages",
    "promises",
)


def upgrade() -> None:
    """Apply."""
    _compensations()
    _reads()
    _sop_marks()
    _surveys()
    _helpdesk_cases()
    _helpdesk_messages()
    _promises()


def downgrade() -> None:
    """Undo."""
    for table in reversed(NEW_TABLES):
        op.drop_table(table)


def _compensations() -> None:
    op.create_table(
        "compensations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("order_number", sa.String(length=40), server_default="", nullable=False),
        sa.Column("amount", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("decided_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_compensations_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensations")),
        sa.UniqueConstraint("key", name=op.f("uq_compensations_key")),
    )
    op.create_index(op.f("ix_compensations_conversation_id"), "compensations", ["conversation_id"], unique=False)


def _reads() -> None:
    op.create_table(
        "reads",
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_reads_conversation_id")),
        sa.PrimaryKeyConstraint("agent", "conversation_id", name=op.f("pk_reads")),
    )


def _sop_marks() -> None:
    op.create_table(
        "sop_marks",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("done_by", sa.String(length=64), nullable=False),
        sa.Column("done_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_sop_marks_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", "step", name=op.f("pk_sop_marks")),
    )


def _surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("agent", sa.String(length=64), server_default="", nullable=False),
        sa.Column("market", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("told", sa.String(length=8), server_default="", nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=True),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_surveys_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_surveys_conversation_id")),
    )
    op.create_index("ix_surveys_created_at", "surveys", ["created_at"], unique=False)
    op.create_index("ix_surveys_state", "surveys", ["state"], unique=False)


def _helpdesk_cases() -> None:
    op.create_table(
        "helpdesk_cases",
        sa.Column("handoff_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("relayed_seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.Float(), server_default="0", nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("until", sa.Float(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_helpdesk_cases_conversation_id")
        ),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_helpdesk_cases_handoff_id")),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_helpdesk_cases")),
        sa.UniqueConstraint("key", name=op.f("uq_helpdesk_cases_key")),
    )
    op.create_index("ix_helpdesk_cases_case", "helpdesk_cases", ["desk", "case_id"], unique=False)
    op.create_index(op.f("ix_helpdesk_cases_conversation_id"), "helpdesk_cases", ["conversation_id"], unique=False)
    op.create_index("ix_helpdesk_cases_state_next_at", "helpdesk_cases", ["state", "next_at"], unique=False)


def _helpdesk_messages() -> None:
    op.create_table(
        "helpdesk_messages",
        sa.Column("desk", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("handoff_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_helpdesk_messages_handoff_id")),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_helpdesk_messages")),
    )
    op.create_index("ix_helpdesk_messages_handoff_id_state", "helpdesk_messages", ["handoff_id", "state"], unique=False)


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("handoff_id", sa.String(length=32), nullable=False),
        sa.Column("clock", sa.String(length=12), nullable=False),
        sa.Column("tier", sa.String(length=16), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("at_risk_from", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=True),
        sa.Column("done_at", sa.Float(), nullable=True),
        sa.Column("apologised_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_promises_conversation_id")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_promises_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_conversation_id"), "promises", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_promises_handoff_id"), "promises", ["handoff_id"], unique=False)
    op.create_index("ix_promises_next_at", "promises", ["next_at"], unique=False)
