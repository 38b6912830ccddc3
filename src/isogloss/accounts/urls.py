"""Routes of the pages of accounts."""

from django.urls import path

from isogloss.accounts import views

app_name = "accounts"
urlpatterns = [
    path("log-in", views.log_in, name="log-in"),
    path("log-out", views.log_out, name="log-out"),
    path("enter/<str:secret>", views.enter, name="enter"),
    path("invitations/<str:secret>", views.accept_invitation, name="invitation-accept"),
    path("invitations/<str:invitation_id>/withdraw", views.withdraw_invitation, name="invitation-withdraw"),
    path("account/", views.account, name="account"),
    path("account/reading", views.set_reading, name="reading"),
    path("account/keys/reset", views.reset_keys, name="keys-reset"),
    path("account/password", views.change_password, name="password-change"),
    path("account/tokens", views.make_token, name="token-make"),
    path("account/tokens/<str:token_id>/revoke", views.revoke_token, name="token-revoke"),
    path("people/", views.people, name="person-list"),
    path("people/<str:person_id>", views.person, name="person"),
    path("audit/", views.audit_trail, name="audit"),
]
