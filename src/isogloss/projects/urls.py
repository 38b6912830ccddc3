"""Routes of the pages of projects."""

from django.urls import path

from isogloss.projects import views

app_name = "projects"
urlpatterns = [
    path("projects/", views.project_list, name="project-list"),
    path("projects/new", views.make, name="project-make"),
    path("projects/<str:project_id>/guideline", views.guideline, name="guideline"),
    path("projects/<str:project_id>/languages/asked", views.languages, name="languages"),
    path("projects/<str:project_id>/people", views.people, name="people"),
    path("projects/<str:project_id>/people/<int:membership_id>/remove", views.remove_member, name="member-remove"),
    path("projects/<str:project_id>/qualification", views.set_qualification, name="qualification"),
    path("projects/<str:project_id>/state", views.set_state, name="state"),
]
