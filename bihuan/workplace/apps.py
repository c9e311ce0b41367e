from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "bihuan.workplace"
    default_auto_field = "django.db.models.BigAutoField"
