"""Addresses of the credentials' API, below ``/api/v1/``."""

from django.urls import path

from workspaces.api import Credentials, CredentialTest, OneCredential
from workspaces.api_me import Me

urlpatterns = [
    path("me", Me.as_view()),
    path("credentials", Credentials.as_view()),
    path("credentials/<uuid:credential_id>", OneCredential.as_view()),
    path("credentials/<uuid:credential_id>/test", CredentialTest.as_view()),
]
