"""Routes of the workbench."""

from django.urls import path

from isogloss.workbench import views

app_name = "workbench"
urlpatterns = [
    path("projects/<str:project_id>/annotate", views.annotate, name="annotate"),
    path("projects/<str:project_id>/annotate/token", views.renew_token, name="token"),
    path("projects/<str:project_id>/annotate/schema/<str:version_id>", views.schema, name="schema"),
    path("projects/<str:project_id>/annotate/recent", views.recent, name="recent"),
    path("projects/<str:project_id>/annotate/inquiry", views.inquiry, name="inquiry"),
    path("projects/<str:project_id>/annotate/reveal", views.reveal, name="reveal"),
    path("account/keys", views.save_keys, name="keys"),
]
