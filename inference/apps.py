from django.apps import AppConfig
from stamina.instrumentation import set_on_retry_hooks


class InferenceConfig(AppConfig):
    name = "inference"

    def ready(self) -> None:
        from inference.retrying import log_retry

        set_on_retry_hooks([log_retry])
