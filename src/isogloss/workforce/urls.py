"""Routes of the pages of workforce."""

from django.urls import path

from isogloss.workforce import views

app_name = "workforce"
urlpatterns = [
    path("people/<str:person_id>/competences", views.competences, name="competences"),
    path("people/<str:person_id>/profile", views.set_profile, name="profile"),
    path("competences/", views.matrix, name="matrix"),
    path("competences/<str:competence_id>/withdraw", views.withdraw_competence, name="competence-withdraw"),
    path("qualifications/", views.qualifications, name="qualification-list"),
    path("qualifications/<str:qualification_id>/attempts", views.record_attempt, name="attempt-record"),
    path("qualifications/<str:qualification_id>/attempts/<int:attempt_id>/lapse", views.lapse_attempt, name="attempt-lapse"),
]
