"""Routes of the pages of guidelines."""

from django.urls import URLPattern

app_name = "guidelines"
urlpatterns: list[URLPattern] = []
