"""The web application as uvicorn serves it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")

application = get_asgi_application()

# its imports need Django set up, which the application above has done
from bihuan.config.warming import warm_after_first_answer  # noqa: E402

warm_after_first_answer()
