from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "bihuan.inspection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Evaluations may be appealed, decided appeals and published editions are answered; all are loaded when needed."""
        from bihuan.appeals.kinds import register_path
        from bihuan.journal import reacting

        register_path("evaluation", "bihuan.inspection.appealing.EVALUATION_KIND")
        reacting.register_path("inspection.appeals", "bihuan.inspection.reactions.DECIDED")
        reacting.register_path("inspection.editions", "bihuan.inspection.reactions.PUBLISHED")
