"""Addresses of the way in and of a workspace's settings."""

from django.urls import include, path
from django.views.generic import RedirectView

from workspaces.views import audit, credentials, finding, general, home, invitations, keys, members

settings = [
    path("", RedirectView.as_view(pattern_name="workspaces:general"), name="settings"),
    path("general/", general.general, name="general"),
    path("general/rename/", general.rename, name="rename"),
    path("general/delete/", general.delete, name="delete"),
    path("general/leave/", members.leave, name="leave"),
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="invite"),
    path("members/<int:membership_id>/role/", members.change_role, name="change-role"),
    path("members/<int:membership_id>/remove/", members.remove, name="remove"),
    path("invitations/<uuid:invitation_id>/again/", members.send_again, name="send-again"),
    path("invitations/<uuid:invitation_id>/withdraw/", members.withdraw, name="withdraw"),
    path("keys/", keys.keys, name="keys"),
    path("keys/new/", keys.issue, name="issue-key"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke, name="revoke-key"),
    path("credentials/", credentials.credentials, name="credentials"),
    path("credentials/new/<slug:kind>/", credentials.create, name="create-credential"),
    path("credentials/<uuid:credential_id>/", credentials.replace, name="replace-credential"),
    path("credentials/<uuid:credential_id>/test/", credentials.test, name="test-credential"),
    path("credentials/<uuid:credential_id>/delete/", credentials.delete, name="delete-credential"),
    path("audit/", audit.audit, name="audit"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("account/", general.account, name="account"),
    path("invitations/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/", invitations.follow, name="invitation-link"),
    path(
        "",
        include(
            (
                [
                    path("workspaces/new/", home.new, name="new"),
                    path("w/<slug:workspace>/find/", finding.find, name="find"),
                    path("w/<slug:workspace>/settings/", include(settings)),
                ],
                "workspaces",
            )
        ),
    ),
]
