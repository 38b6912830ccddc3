"""Routes of the pages of corpus."""

from django.urls import URLPattern

app_name = "corpus"
urlpatterns: list[URLPattern] = []
