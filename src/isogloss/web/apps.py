"""Django's entry to the frame of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates, navigation and the static bundle."""

    name = "isogloss.web"
    label = "web"
