from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """Installed for its translations and commands."""

    name = "bihuan.metrics"
