"""Routes of the pages that belong to no project: language models."""

from django.urls import path

from isogloss.web import language_models

app_name = "web"
urlpatterns = [
    path("models/", language_models.model_list, name="model-list"),
    path("models/train", language_models.train_model, name="model-train"),
    path("models/back", language_models.go_back, name="model-back"),
    path("models/<str:model>", language_models.model_page, name="model"),
    path("models/<str:model>/activate", language_models.activate_model, name="model-activate"),
]
