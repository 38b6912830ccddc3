"""Routes of the workbench."""

from django.urls import path

from isogloss.workbench.views import annotating, inquiries, schemas
from isogloss.workbench.views.media import media

app_name = "workbench"
urlpatterns = [
    path("projects/<str:project_id>/annotate", annotating.annotate, name="annotate"),
    path("projects/<str:project_id>/annotate/token", annotating.renew_token, name="token"),
    path("projects/<str:project_id>/annotate/schema/<str:version_id>", annotating.schema, name="schema"),
    path("projects/<str:project_id>/annotate/recent", annotating.recent, name="recent"),
    path("projects/<str:project_id>/annotate/inquiry", annotating.inquiry, name="inquiry"),
    path("projects/<str:project_id>/annotate/reveal", annotating.reveal, name="reveal"),
    path("projects/<str:project_id>/schema", schemas.edit, name="schema-edit"),
    path("projects/<str:project_id>/schema/check", schemas.check, name="schema-check"),
    path("projects/<str:project_id>/inquiries", inquiries.listing, name="inquiries"),
    path("projects/<str:project_id>/inquiries/<str:inquiry_id>/answer", inquiries.answer, name="inquiry-answer"),
    path("projects/<str:project_id>/media/<path:media_path>", media, name="media"),
    path("account/keys", annotating.save_keys, name="keys"),
]
