"""What websites call. Answered without the page's middleware: no cookie plays a part in it."""

from django.urls import path, re_path

from channels_deploy.script import LAUNCH
from channels_deploy.views import launch, script, widget

urlpatterns = [
    path("widget.js", script.newest, name="widget-script"),
    re_path(r"^widget\.(?P<version>[0-9a-f]{12})\.js$", script.pinned, name="widget-script-pinned"),
    path("widget.launch.js", script.newest, {"name": LAUNCH}, name="launch-script"),
    re_path(
        r"^widget\.launch\.(?P<version>[0-9a-f]{12})\.js$",
        script.pinned,
        {"name": LAUNCH},
        name="launch-script-pinned",
    ),
    path("widget/v1/<str:public_key>/launch", launch.launch, name="widget-launch"),
    path("widget/v1/<str:public_key>/session", widget.session, name="widget-session"),
    path("widget/v1/<str:public_key>/messages", widget.messages, name="widget-messages"),
    path("widget/v1/<str:public_key>/news", widget.news, name="widget-news"),
    path("widget/v1/<str:public_key>/feedback", widget.feedback, name="widget-feedback"),
    path("widget/v1/<str:public_key>/leads", widget.leads, name="widget-leads"),
    path("widget/v1/<str:public_key>/reason", widget.reason, name="widget-reason"),
]
