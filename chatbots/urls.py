"""The pages of chatbots."""

from assistants.kind_urls import pages_of

app_name = "chatbots"

urlpatterns = pages_of("chatbots")
