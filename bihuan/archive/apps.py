from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """Installed for its translations and commands."""

    name = "bihuan.archive"
