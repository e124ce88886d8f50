"""The hosted page."""

from django.urls import path

from channels_deploy.views.hosted import hosted

app_name = "channels_deploy"
urlpatterns = [path("c/<slug:slug>", hosted, name="hosted")]
