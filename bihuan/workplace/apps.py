from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "bihuan.workplace"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Whoever never asks for appeals, a command for instance, does not load the pages they need."""
        from bihuan.appeals.kinds import register_path

        register_path("verdict", "bihuan.workplace.contacts.appeals.VERDICT")
        register_path("result", "bihuan.workplace.months.appeals.RESULT")
