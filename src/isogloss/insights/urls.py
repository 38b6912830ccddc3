"""Routes of the pages of insights."""

from django.urls import path

from isogloss.insights import views

app_name = "insights"
urlpatterns = [
    path("projects/<str:project_id>/", views.project, name="project"),
    path("projects/<str:project_id>/renew", views.renew, name="renew"),
    path("projects/<str:project_id>/languages", views.languages, name="languages"),
    path("projects/<str:project_id>/languages/estimate", views.reestimate, name="reestimate"),
    path("projects/<str:project_id>/suggestions", views.suggestions, name="suggestions"),
]
