from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "bihuan.workplace"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Models are there only now, and kinds of appeal read them."""
        from bihuan.appeals.kinds import register
        from bihuan.workplace.appeals import VERDICT

        register(VERDICT)
