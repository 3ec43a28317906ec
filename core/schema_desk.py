"""Tables of the desk: people, promises, and what they write down. A change here needs a migration."""

import sqlalchemy as sa

from core.tables import metadata

agents = sa.Table(
    "agents",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(40), nullable=False, unique=True),  # signs in with it; owner is agent:<name>
    sa.Column("display_name", sa.String(80), nullable=False),
    sa.Column("email", sa.String(200), nullable=False, server_default=""),
    sa.Column("password_hash", sa.String(200), nullable=False, server_default=""),  # argon2; empty: none set yet
    sa.Column("oidc_subject", sa.String(255), unique=True),
    sa.Column("role", sa.String(8), nullable=False),  # agent, lead, editor, admin
    sa.Column("markets", sa.JSON, nullable=False),  # market codes; ["*"]: all
    sa.Column("languages", sa.JSON, nullable=False),  # content codes that they read and write, the best first
    sa.Column("skills", sa.JSON, nullable=False),  # product categories; empty: all
    sa.Column("capacity", sa.Integer, nullable=False, server_default="6"),  # conversations at the same time
    sa.Column("interface", sa.String(16), nullable=False, server_default="en"),  # language of the desk
    sa.Column("time_zone", sa.String(64), nullable=False, server_default="UTC"),
    sa.Column("duty_hours", sa.JSON, nullable=False),  # as opening_hours of a market; empty: the market's
    sa.Column("presence", sa.String(8), nullable=False, server_default="away"),  # here, away: takes new ones or not
    sa.Column("seen_at", sa.Float),  # last sign of life from their desk
    sa.Column("state", sa.String(8), nullable=False, server_default="active"),  # active, disabled
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)

agent_sessions = sa.Table(
    "agent_sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),  # SHA-256: a copy of the database opens no door
    sa.Column("agent_id", sa.String(32), sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
    sa.Column("device", sa.String(200), nullable=False, server_default=""),
    sa.Column("ended_at", sa.Float),
)

agent_links = sa.Table(
    "agent_links",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("agent_id", sa.String(32), sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
    sa.Column("used_at", sa.Float),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),  # agent:<name>, aftersail, cli, or what somebody typed
    sa.Column("action", sa.String(40), nullable=False),  # sign_in, reply, override, compensate, …
    sa.Column("market", sa.String(8), nullable=False, server_default=""),
    sa.Column("target", sa.String(64), nullable=False, server_default=""),  # conversation, agent, …
    sa.Column("details", sa.JSON, nullable=False),  # no customer's words
    sa.Index("ix_audit_log_target", "target"),
)

promises = sa.Table(
    "promises",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("handoff_id", sa.String(32), sa.ForeignKey("handoffs.id"), nullable=False, index=True),
    sa.Column("clock", sa.String(12), nullable=False),  # first_reply, solution, parts
    sa.Column("tier", sa.String(16), nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),  # whether the customer was told this moment
    sa.Column("made_at", sa.Float, nullable=False),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("at_risk_from", sa.Float, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),  # open, at_risk, broken, kept, late, void
    sa.Column("next_at", sa.Float),  # when its state changes by itself; empty: never
    sa.Column("done_at", sa.Float),
    sa.Column("apologised_at", sa.Float),
    sa.Index("ix_promises_next_at", "next_at"),
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("author", sa.String(64), nullable=False),  # agent:<name>, aftersail
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("mentions", sa.JSON, nullable=False),  # names
    sa.Column("created_at", sa.Float, nullable=False),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("agent", sa.String(64), nullable=False),  # agent:<name>; leads: of the market
    sa.Column("market", sa.String(8), nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),  # mention, assigned, escalated, promise_at_risk, promise_broken
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float),
    sa.Column("seen_by", sa.String(64)),
    sa.Index("ix_alerts_agent_seen_at", "agent", "seen_at"),
    sa.Index("ix_alerts_created_at", "created_at"),
)

reads = sa.Table(
    "reads",
    metadata,
    sa.Column("agent", sa.String(40), primary_key=True),  # name
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),  # up to which they have read
)

message_translations = sa.Table(
    "message_translations",
    metadata,
    sa.Column("message_id", sa.String(32), sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("language", sa.String(16), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),  # empty: it could not be translated
    sa.Column("engine", sa.String(32), nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),  # why there is none
    sa.Column("digest", sa.String(64), nullable=False),  # of the original: an edited message is translated anew
    sa.Column("created_at", sa.Float, nullable=False),
)

compensations = sa.Table(
    "compensations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),  # coupon, refund, resend
    sa.Column("order_number", sa.String(40), nullable=False, server_default=""),
    sa.Column("amount", sa.String(20), nullable=False),  # decimal
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.String(12), nullable=False),  # granted, asked, refused
    sa.Column("asked_by", sa.String(64), nullable=False),
    sa.Column("decided_by", sa.String(64)),
    sa.Column("key", sa.String(64), nullable=False, unique=True),  # the form's: sent twice is granted once
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("decided_at", sa.Float),
)

surveys = sa.Table(
    "surveys",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, unique=True),
    sa.Column("agent", sa.String(64), nullable=False, server_default=""),
    sa.Column("market", sa.String(8), nullable=False),
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    # waiting, asked, rated (a word of thanks is due), answered; skipped, impossible: `reason` says why
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False, server_default=""),
    sa.Column("score", sa.Integer),  # 1 to 5
    sa.Column("told", sa.String(8), nullable=False, server_default=""),  # thanks, sorry: what was said to the score
    sa.Column("comment", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("asked_at", sa.Float),
    sa.Column("answered_at", sa.Float),
    sa.Index("ix_surveys_state", "state"),
    sa.Index("ix_surveys_created_at", "created_at"),
)

sop_marks = sa.Table(
    "sop_marks",
    metadata,
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("step", sa.String(64), primary_key=True),  # <issue type>.<step>
    sa.Column("done_by", sa.String(64), nullable=False),
    sa.Column("done_at", sa.Float, nullable=False),
)

helpdesk_cases = sa.Table(
    "helpdesk_cases",
    metadata,
    sa.Column("handoff_id", sa.String(32), sa.ForeignKey("handoffs.id"), primary_key=True),
    sa.Column("desk", sa.String(32), nullable=False),  # our name of the account
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("key", sa.String(80), nullable=False, unique=True),  # ours, told to the vendor: the same key is one case
    sa.Column("case_id", sa.String(64)),  # the vendor's; empty: not opened yet
    sa.Column("details", sa.JSON, nullable=False),  # what the vendor's other ids are
    sa.Column("state", sa.String(12), nullable=False),  # waiting, open, closed, failed
    sa.Column("relayed_seq", sa.Integer, nullable=False, server_default="0"),  # the vendor has all up to this message
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),  # tries since the last that ended well
    sa.Column("next_at", sa.Float, nullable=False, server_default="0"),  # nothing is done before
    sa.Column("holder", sa.String(64)),
    sa.Column("until", sa.Float, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Index("ix_helpdesk_cases_state_next_at", "state", "next_at"),
    sa.Index("ix_helpdesk_cases_case", "desk", "case_id"),
)

helpdesk_messages = sa.Table(
    "helpdesk_messages",
    metadata,
    sa.Column("desk", sa.String(32), primary_key=True),
    sa.Column("id", sa.String(120), primary_key=True),  # the vendor's id of what its agent wrote: taken once
    sa.Column("handoff_id", sa.String(32), sa.ForeignKey("handoffs.id"), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),  # done; waiting: `text` is a note to the agent, not told yet
    sa.Column("text", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Index("ix_helpdesk_messages_handoff_id_state", "handoff_id", "state"),
)
