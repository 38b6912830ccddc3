"""Routes of the pages of delivery."""

from django.urls import path

from isogloss.delivery import views

app_name = "delivery"
urlpatterns = [
    path("projects/<str:project_id>/releases/", views.release_list, name="release-list"),
    path("releases/<str:release_id>", views.release_page, name="release"),
    path("releases/<str:release_id>/cancel", views.cancel_release, name="release-cancel"),
    path("releases/<str:release_id>/download", views.download, name="release-download"),
    path("releases/<str:release_id>/files/<str:name>", views.file, name="release-file"),
]
