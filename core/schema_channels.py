"""Tables of the channels: what vendors told, and what is sent to them. A change here needs a migration."""

import sqlalchemy as sa

from core.tables import metadata

webhook_events = sa.Table(
    "webhook_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("event_id", sa.String(128), nullable=False),  # the vendor's: the same id is the same event
    sa.Column("person", sa.String(200), nullable=False),  # events of one person are applied in order
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("body", sa.JSON(none_as_null=True)),  # gone once the event is applied
    sa.Column("state", sa.String(8), nullable=False),  # waiting, done, failed
    sa.Column("holder", sa.String(64)),
    sa.Column("until", sa.Float, nullable=False, server_default="0"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", sa.Float, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("channel", "event_id"),
    sa.Index("ix_webhook_events_state_at", "state", "at"),
    sa.Index("ix_webhook_events_received_at", "received_at"),
)

contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("channel", sa.String(32), primary_key=True),
    sa.Column("account", sa.String(64), primary_key=True),
    sa.Column("sender", sa.String(128), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, server_default=""),
    sa.Column("address", sa.JSON, nullable=False),  # what the channel knows the person by
    sa.Column("profile", sa.JSON(none_as_null=True)),  # what the vendor told; empty: not asked yet
    sa.Column("last_inbound_at", sa.Float),
    sa.Column("blocked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("updated_at", sa.Float, nullable=False),
)

contact_aliases = sa.Table(
    "contact_aliases",
    metadata,
    sa.Column("channel", sa.String(32), primary_key=True),
    sa.Column("account", sa.String(64), primary_key=True),
    sa.Column("alias", sa.String(160), primary_key=True),
    sa.Column("sender", sa.String(128), nullable=False),
)

reply_tokens = sa.Table(
    "reply_tokens",
    metadata,
    sa.Column("token", sa.String(160), primary_key=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("sender", sa.String(128), nullable=False),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("used_at", sa.Float),
    sa.Index("ix_reply_tokens_person", "channel", "account", "sender", "received_at"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("key", sa.String(36), nullable=False, unique=True),  # UUID, the same for every try
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),  # 1, 2, 3 … within the conversation
    sa.Column("body", sa.JSON, nullable=False),  # the vendor's message objects
    sa.Column("author", sa.String(64), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),  # see conversations.delivery_model.State
    sa.Column("way", sa.JSON(none_as_null=True)),  # how it was last tried: name, cost, detail, token
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", sa.Float, nullable=False, server_default="0"),
    sa.Column("started_at", sa.Float),
    sa.Column("provider_id", sa.String(200)),
    sa.Column("code", sa.String(64), nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column(
        "repeated", sa.Integer, nullable=False, server_default="0"
    ),  # tries made without knowing of the one before
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("settled_at", sa.Float),
    sa.UniqueConstraint("conversation_id", "position"),
    sa.Index("ix_deliveries_provider_id", "provider_id"),
    sa.Index("ix_deliveries_state", "state"),
)

delivery_messages = sa.Table(
    "delivery_messages",
    metadata,
    sa.Column("delivery_id", sa.String(32), sa.ForeignKey("deliveries.id"), primary_key=True),
    sa.Column("message_id", sa.String(32), sa.ForeignKey("messages.id"), primary_key=True, index=True),
)

media = sa.Table(
    "media",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("message_id", sa.String(32), sa.ForeignKey("messages.id"), index=True),  # empty: not sent yet
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), index=True),  # of an agent's file
    sa.Column("author", sa.String(64), nullable=False, server_default=""),  # agent:<name>; empty: the customer
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column(
        "ref", sa.JSON, nullable=False
    ),  # connectors.events.MediaRef; of an agent's file see conversations.uploads
    sa.Column(
        "state", sa.String(8), nullable=False
    ),  # waiting, kept, refused, erased; of an agent's staging, staged too
    sa.Column("mime", sa.String(100), nullable=False, server_default=""),  # read from the bytes
    sa.Column("size", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sha256", sa.String(64), nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", sa.Float, nullable=False, server_default="0"),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Index("ix_media_state_next_at", "state", "next_at"),
)

account_notices = sa.Table(
    "account_notices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("topic", sa.String(100), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("ix_account_notices_at", "at"),
)
