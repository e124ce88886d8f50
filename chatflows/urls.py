"""The pages of chatflows."""

from assistants.kind_urls import pages_of

app_name = "chatflows"

urlpatterns = pages_of("chatflows")
