"""Django admin over people, workspaces and what they keep. Secrets are never on a page."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from workspaces.admin import people, records, secrets, workspace

__all__ = ["people", "records", "secrets", "workspace"]

admin.site.site_header = admin.site.site_title = "PrivexBot"
# One sign-in for everything, with its rate limits and its checked addresses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
