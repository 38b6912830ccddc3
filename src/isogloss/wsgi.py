"""The WSGI application: the hot path in front of Django."""

import os

from django.core.wsgi import get_wsgi_application

from isogloss.serving import enter_worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isogloss.settings")

django = get_wsgi_application()

from isogloss.dispatch.hot import HotPath  # noqa: E402  Django must be set up before its models are imported

application = HotPath(django)
enter_worker()
