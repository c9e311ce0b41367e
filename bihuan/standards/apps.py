from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "bihuan.standards"
    default_auto_field = "django.db.models.BigAutoField"
