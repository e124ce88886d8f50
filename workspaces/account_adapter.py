"""How allauth behaves here: links from our own address, no open redirects, no crash by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from workspaces import mail
from workspaces.invitation_session import invitation_in

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Everything that allauth asks of the product."""

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of this site, whatever ``ALLOWED_HOSTS`` says."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages answer pages: allauth's JSON twin of them would be a second way in to guard."""
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """A value that we do not know lets nobody in."""
        if settings.SIGN_UP == "invited":
            return invitation_in(request) is not None
        return bool(settings.SIGN_UP == "open")

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whoever came through the link of an invitation has shown that the mailbox is theirs."""
        invitation = invitation_in(request)
        if invitation is not None and invitation.email.lower() == email.lower():
            return True
        return bool(super().is_email_verified(request, email))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The server has read the proxies' headers by now, as far as it trusts them."""
        return str(request.META.get("REMOTE_ADDR") or "unknown")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Never from the request's ``Host``, which whoever asks for the reset can choose."""
        parts = dict(zip(("uidb36", "key"), key.split("-", 1), strict=True))
        path = reverse("account_reset_password_from_key", kwargs=parts)
        return f"{settings.PUBLIC_URL}{path}"

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        context = {**context, "email": email, "public_url": settings.PUBLIC_URL}
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return message

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request = allauth_context.request
        if not mail.deliver(self.render_mail(template_prefix, email, context)) and request:
            messages.error(
                request, _("The mail could not be sent. Wait a few minutes, then ask again.")
            )
