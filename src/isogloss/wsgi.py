"""The WSGI application: the hot path in front of Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isogloss.settings")

application = get_wsgi_application()
