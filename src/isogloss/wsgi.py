"""The WSGI application: the hot path in front of Django."""

import os

from django.core.wsgi import get_wsgi_application

from isogloss.serving import enter_worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isogloss.settings")

application = get_wsgi_application()
enter_worker()
