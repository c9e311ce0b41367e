from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "bihuan.appraisal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Decided appeals about results are noted beside them; loaded when the first one comes."""
        from bihuan.journal.reacting import register_path

        register_path("appraisal.appeals", "bihuan.appraisal.reactions.DECIDED")
