from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "bihuan.appeals"
    default_auto_field = "django.db.models.BigAutoField"
