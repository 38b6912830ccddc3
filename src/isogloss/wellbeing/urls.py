"""Routes of the pages of wellbeing."""

from django.urls import path

from isogloss.wellbeing import views

app_name = "wellbeing"
urlpatterns = [
    path("wellbeing/", views.mine, name="mine"),
    path("wellbeing/consents", views.consent, name="consent"),
    path("wellbeing/policy", views.policy, name="policy"),
    path("wellbeing/policy/<int:number>/sign", views.sign, name="policy-sign"),
    path("projects/<str:project_id>/consent", views.project_consent, name="project-consent"),
    path("wellbeing/contacts", views.contacts, name="contacts"),
    path("projects/<str:project_id>/contacts", views.project_contacts, name="project-contacts"),
    path("projects/<str:project_id>/availability", views.availability, name="availability"),
]
