"""The audit log refuses changes in the database itself, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION workspaces_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON workspaces_auditentry
    FOR EACH ROW EXECUTE FUNCTION workspaces_audit_is_append_only();
"""
ALLOW = """
DROP TRIGGER audit_is_append_only ON workspaces_auditentry;
DROP FUNCTION workspaces_audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_people_keys_and_records")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
