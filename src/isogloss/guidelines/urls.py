"""Routes of guidelines: the pages of a project's guideline are those of projects."""

from django.urls import path

from isogloss.guidelines import views

app_name = "guidelines"
urlpatterns = [path("label-schema.json", views.label_schema, name="label-schema")]
