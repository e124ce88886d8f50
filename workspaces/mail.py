"""Sends mail so that a mail server's trouble is an answer, never a crash."""

from __future__ import annotations

import logging
import smtplib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)


PRINTED = "django.core.mail.backends.console.EmailBackend"


def is_printed() -> bool:
    """Whether there is no mail server: mails end in the terminal that runs the product."""
    return bool(settings.EMAIL_BACKEND == PRINTED)


def send(template: str, to: str, context: Mapping[str, Any]) -> bool:
    """Send ``<template>_subject.txt`` and ``<template>_message.txt``; False when it did not go."""
    whole = {**context, "public_url": settings.PUBLIC_URL}
    subject = " ".join(render_to_string(f"{template}_subject.txt", whole).split())
    body = render_to_string(f"{template}_message.txt", whole).strip() + "\n"
    return deliver(EmailMessage(subject, body, to=[to]))


def deliver(message: EmailMessage) -> bool:
    """Hand a message to the mail server; False, and a line in the log, when it did not take it."""
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        # Neither the text nor the address: a mail may hold a one-time link.
        logger.error("A mail could not be sent: %s", type(error).__name__)  # noqa: TRY400
        return False
    return True
