"""What streams: answered by async views on ASGI, see ``privexbot.asgi``."""

from privexbot.wiring import included

urlpatterns = included("stream_urls")
