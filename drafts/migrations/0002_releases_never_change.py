"""Releases refuse updates in the database itself, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION drafts_releases_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a release is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER releases_never_change BEFORE UPDATE ON drafts_release
    FOR EACH ROW EXECUTE FUNCTION drafts_releases_never_change();
"""
ALLOW = """
DROP TRIGGER releases_never_change ON drafts_release;
DROP FUNCTION drafts_releases_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_entities_releases_and_deploys")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
