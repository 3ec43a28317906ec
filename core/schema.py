"""Tables of the record. A change here needs a migration in core/migrations/versions/."""

import sqlalchemy as sa

from core.tables import metadata

# Times are seconds since 1970 in UTC as float: the same in every database, and sortable.

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("account", sa.String(64), nullable=False, server_default=""),  # ours at the vendor's; empty: web chat
    sa.Column("sender", sa.String(128), nullable=False),
    sa.Column("market", sa.String(8), nullable=False),
    sa.Column("language", sa.String(16), nullable=False, server_default=""),
    sa.Column("language_state", sa.JSON, nullable=False),  # posterior and choice, see languages.identify
    sa.Column("hints", sa.JSON, nullable=False),  # page locale, time zone, identity
    sa.Column("owner", sa.String(64), nullable=False, server_default="bot"),  # bot, queue, agent:<name>
    sa.Column("state", sa.String(16), nullable=False, server_default="open"),  # open, closed
    sa.Column("follows", sa.String(32)),  # the person's conversation before this one
    sa.Column("last_seq", sa.Integer, nullable=False, server_default="0"),
    sa.Column("pending", sa.Integer, nullable=False, server_default="0"),  # inbound messages not handled yet
    sa.Column("pending_since", sa.Float),
    sa.Column("lease_holder", sa.String(64)),
    sa.Column("lease_until", sa.Float, nullable=False, server_default="0"),
    sa.Column("send_at", sa.Float),  # when the sender must look at it next; empty: nothing is to be sent
    sa.Column("send_holder", sa.String(64)),
    sa.Column("send_until", sa.Float, nullable=False, server_default="0"),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.Index("ix_conversations_channel_sender", "channel", "sender", "state"),
    sa.Index("ix_conversations_pending_since", "pending_since"),
    sa.Index("ix_conversations_lease_holder", "lease_holder"),
    sa.Index("ix_conversations_send_at", "send_at"),
    sa.Index("ix_conversations_updated_at", "updated_at"),
    # One open conversation for a person on a channel, whatever races.
    sa.Index(
        "uq_conversations_open",
        "channel",
        "account",
        "sender",
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),  # 1, 2, 3 … within the conversation
    sa.Column("direction", sa.String(3), nullable=False),  # in, out
    sa.Column("author", sa.String(64), nullable=False),  # customer, bot, agent:<name>, system
    sa.Column("kind", sa.String(16), nullable=False),  # text, button, media, event
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String(16), nullable=False, server_default=""),
    sa.Column("payload", sa.JSON, nullable=False),  # buttons, source, language decision, reply name
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("provider_id", sa.String(128)),  # the vendor's or browser's id of an inbound message
    sa.Column("reply_to", sa.String(32)),  # inbound message that this answers
    sa.Column("release", sa.String(40), nullable=False, server_default=""),
    sa.Column("gate", sa.JSON),  # what the gate said of an outbound message: release, terms, fixed, overridden
    sa.Column(
        "status", sa.String(16), nullable=False
    ),  # in: received, handled, failed · out: queued, held, failed, withdrawn, sent, delivered, read
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("said_at", sa.Float),  # the vendor's time of an inbound message
    sa.Column("handled_at", sa.Float),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("channel", "provider_id"),
    # Whatever wrote the row: nothing leaves that has not passed the gate.
    sa.CheckConstraint("direction = 'in' OR gate IS NOT NULL", name="gate"),
    sa.Index("ix_messages_conversation_id_status", "conversation_id", "direction", "status"),
)

trackers = sa.Table(
    "trackers",
    metadata,
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("slots", sa.JSON, nullable=False),  # what the bot remembers between turns
    sa.Column("updated_at", sa.Float, nullable=False),
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("tier", sa.String(16), nullable=False),  # safety, ordinary, parts
    sa.Column("packet", sa.JSON, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("promised_at", sa.Float, nullable=False),
    sa.Column("waiting_since", sa.Float),  # since when the customer waits for a person; empty: answered
    sa.Column("escalated", sa.Boolean, nullable=False, server_default=sa.false()),  # a lead is asked for
    sa.Column("resolved_at", sa.Float),
    sa.Column("resolution", sa.String(16)),  # handed_back, closed
    sa.Column("resolved_by", sa.String(64)),
    sa.Column("settled", sa.JSON(none_as_null=True)),  # conversations.hand_back.Settled
    # One open hand-off for a conversation, whatever races.
    sa.Index(
        "uq_handoffs_open",
        "conversation_id",
        unique=True,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    ),
)

ownership_events = sa.Table(
    "ownership_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("event", sa.String(16), nullable=False, server_default=""),  # conversations.ownership_model.Event
    sa.Column("from_owner", sa.String(64), nullable=False),  # bot, queue, agent:<name>, closed
    sa.Column("to_owner", sa.String(64), nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("why", sa.String(200), nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False, server_default="0"),  # of the conversation at that moment
    sa.Column("at", sa.Float, nullable=False),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(32), nullable=False),  # proof
    sa.Column("key", sa.String(128), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("ix_attempts_kind_key_at", "kind", "key", "at"),
)

releases = sa.Table(
    "releases",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("author", sa.String(64), nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of the release's manifest
)

release_pointer = sa.Table(
    "release_pointer",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),  # current
    sa.Column("release_id", sa.String(40), sa.ForeignKey("releases.id"), nullable=False),
    sa.Column("moved_at", sa.Float, nullable=False),
    sa.Column("moved_by", sa.String(64), nullable=False),
)
