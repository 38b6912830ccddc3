"""Routes of the pages of dispatch."""

from django.urls import path

from isogloss.dispatch import views

app_name = "dispatch"
urlpatterns = [
    path("projects/<str:project_id>/queue", views.queue, name="queue"),
    path("projects/<str:project_id>/queue/reassign", views.hand_over, name="reassign"),
    path("projects/<str:project_id>/queue/people/<str:person_id>/recall", views.recall_work, name="recall"),
    path("batches/<str:batch_id>/state", views.set_batch_state, name="batch-state"),
]
