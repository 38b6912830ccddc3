"""Routes of the pages of the corpus."""

from django.urls import path

from isogloss.corpus import profile_views, views

app_name = "corpus"
urlpatterns = [
    path("projects/<str:project_id>/import", views.upload, name="import-upload"),
    path("projects/<str:project_id>/import/<str:ticket>", views.map_columns, name="import-map"),
    path("projects/<str:project_id>/import/<str:ticket>/profile", profile_views.profile_upload, name="import-profile"),
    path("batches/<str:batch_id>/profile", profile_views.profile_batch, name="batch-profile"),
    path("profiles/<str:profile_id>", profile_views.profile_page, name="profile"),
    path("profiles/<str:profile_id>/cancel", profile_views.cancel_profile, name="profile-cancel"),
    path("profiles/<str:profile_id>/figures", profile_views.profile_figures, name="profile-figures"),
    path("profiles/<str:profile_id>/masked", profile_views.masked_copy, name="profile-masked"),
    path("imports/<str:run_id>", views.import_status, name="import"),
    path("imports/<str:run_id>/cancel", views.cancel_import, name="import-cancel"),
    path("imports/<str:run_id>/bad-rows", views.bad_rows, name="import-bad-rows"),
    path("projects/<str:project_id>/duplicates/hold", views.set_hold, name="duplicates-hold"),
    path("projects/<str:project_id>/duplicates/serve", views.serve_held, name="duplicates-serve"),
    path("projects/<str:project_id>/duplicates/serve/<path:external_id>", views.serve_item, name="duplicate-serve"),
    path("projects/<str:project_id>/items/", views.item_list, name="item-list"),
    path("projects/<str:project_id>/items/<path:external_id>", views.item_page, name="item"),
]
