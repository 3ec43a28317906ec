"""the machines: on PostgreSQL, each change of a conversation is told to the machines that listen (core/relay.py)."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION aftersail_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('aftersail', NEW.id || ' ' || current_setting('application_name'));
    RETURN NULL;
END
$$
"""
ON_INSERT = """
CREATE TRIGGER aftersail_tell_new AFTER INSERT ON conversations FOR EACH ROW EXECUTE FUNCTION aftersail_tell()
"""
ON_UPDATE = """
CREATE TRIGGER aftersail_tell_changed AFTER UPDATE ON conversations FOR EACH ROW
WHEN ((OLD.last_seq, OLD.pending, OLD.owner, OLD.state, OLD.send_at)
    IS DISTINCT FROM (NEW.last_seq, NEW.pending, NEW.owner, NEW.state, NEW.send_at))
EXECUTE FUNCTION aftersail_tell()
"""


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in (FUNCTION, ON_INSERT, ON_UPDATE):
            op.execute(statement)


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION aftersail_tell() CASCADE")
