"""Every route; each context brings its own."""

from django.urls import include, path

from isogloss.api.routes import api
from isogloss.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.health, name="health"),
    path("api/v1/", api.urls),
    path("", include("isogloss.accounts.urls")),
    path("", include("isogloss.guidelines.urls")),
    path("", include("isogloss.workforce.urls")),
    path("", include("isogloss.projects.urls")),
    path("", include("isogloss.corpus.urls")),
    path("", include("isogloss.dispatch.urls")),
    path("", include("isogloss.workbench.urls")),
    path("", include("isogloss.delivery.urls")),
    path("", include("isogloss.wellbeing.urls")),
    path("", include("isogloss.insights.urls")),
    path("", include("isogloss.web.urls")),
]
handler404 = "isogloss.web.views.not_found"
handler403 = "isogloss.web.views.forbidden"
handler500 = "isogloss.web.views.broken"
