"""Routes of the pages of insights."""

from django.urls import path

from isogloss.insights import views

app_name = "insights"
urlpatterns = [
    path("projects/<str:project_id>/", views.project, name="project"),
    path("projects/<str:project_id>/renew", views.renew, name="renew"),
]
