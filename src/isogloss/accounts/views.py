"""Pages of accounts: logging in and out, one's own account, people, invitations, the audit trail."""

from datetime import timedelta

from django.contrib import auth, messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from isogloss.accounts import queries, services
from isogloss.accounts.access import PersonRequest, access_api_token, access_invitation, access_person, require_site_role, signed_in
from isogloss.accounts.forms import (
    ROLE_NAMES,
    AcceptForm,
    ApiTokenForm,
    InviteForm,
    LogInForm,
    NewPasswordForm,
    PreferencesForm,
    ReadingForm,
)
from isogloss.accounts.models import User
from isogloss.accounts.rules import Role
from isogloss.platform import clock
from isogloss.platform.audit import recent_events
from isogloss.platform.problems import InvalidInput, Problem

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Let a person in by username and password."""
    form = LogInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = str(request.META.get("REMOTE_ADDR", ""))
        try:
            person = services.log_in(
                username=form.cleaned_data["username"], password=form.cleaned_data["password"], address=address, now=clock.now()
            )
        except Problem as problem:
            form.add_error(None, _(problem.detail))
            return render(request, "accounts/log_in.html", {"form": form}, status=problem.status)
        if person is not None:
            auth.login(request, person, backend=_BACKEND)
            return redirect(_safe_next(request))
        form.add_error(None, _("The username or the password is wrong."))
    return render(request, "accounts/log_in.html", {"form": form}, status=200 if request.method == "GET" else 422)


def _safe_next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()) else "/"


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session; workbench tokens of the person are void from the next request on."""
    if request.user.is_authenticated:
        services.end_sessions(request.user, now=clock.now())
    auth.logout(request)
    return redirect("accounts:log-in")


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Log in by a demonstration link: GET shows a button, POST uses the link up."""
    if request.method == "GET":
        return render(request, "accounts/enter.html", {"secret": secret})
    person = services.use_login_link(secret, now=clock.now())
    auth.login(request, person, backend=_BACKEND)
    return redirect("/")


@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Make the account an invitation promises."""
    invitation = services.open_invitation(secret, now=clock.now())
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            person = services.accept_invitation(secret, now=clock.now(), **form.cleaned_data)
        except Problem as problem:
            form.add_problem(problem)
        else:
            auth.login(request, person, backend=_BACKEND)
            return redirect("/")
    return render(request, "accounts/accept.html", {"form": form, "invitation": invitation}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def account(request: PersonRequest) -> HttpResponse:
    """Show and change one's own preferences and API tokens."""
    person = request.user
    first = {name: getattr(person, name) for name in ("name", "language", "time_zone", "theme", "text_size")}
    form = PreferencesForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        services.set_preferences(person, actor=person, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:account")
    context = {
        "form": form,
        "tokens": queries.api_tokens(person),
        "token_form": ApiTokenForm(held=queries.site_roles(person)),
        "grants": sorted(queries.site_roles(person)),
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def set_reading(request: PersonRequest) -> HttpResponse:
    """Keep the theme or the size of the text that was chosen on whatever page."""
    form = ReadingForm(request.POST)
    chosen = {name: value for name, value in form.cleaned_data.items() if value not in {"", None}} if form.is_valid() else {}
    if not chosen:
        raise InvalidInput(_("The theme is auto, light or dark, the size of the text between 14 and 28."))
    services.set_preferences(request.user, actor=request.user, now=clock.now(), **chosen)
    return HttpResponse(status=204)


@signed_in
@require_POST
def reset_keys(request: PersonRequest) -> HttpResponse:
    """Give every act the key again that the label schema gives it."""
    services.set_preferences(request.user, actor=request.user, now=clock.now(), keys={})
    messages.success(request, _("Every key is as it was made."))
    return redirect("accounts:account")


@signed_in
@require_http_methods(["GET", "POST"])
def change_password(request: PersonRequest) -> HttpResponse:
    """Change one's own password; every other session ends."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not check_password(form.cleaned_data["old_password"], request.user.password):
            form.add_error("old_password", _("This is not your present password."))
        else:
            try:
                services.set_password(request.user, password=form.cleaned_data["password"], actor=request.user, now=clock.now())
            except Problem as problem:
                form.add_problem(problem)
            else:
                update_session_auth_hash(request, request.user)
                messages.success(request, _("Your password was changed."))
                return redirect("/")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_POST
def make_token(request: PersonRequest) -> HttpResponse:
    """Make an API token and show it, once."""
    form = ApiTokenForm(request.POST, held=queries.site_roles(request.user))
    if not form.is_valid():
        person = request.user
        first = {name: getattr(person, name) for name in ("name", "language", "time_zone", "theme", "text_size")}
        context = {"form": PreferencesForm(initial=first), "tokens": queries.api_tokens(person), "token_form": form}
        return render(request, "accounts/account.html", context, status=422)
    token, secret = services.make_api_token(
        request.user,
        name=form.cleaned_data["name"],
        scopes=tuple(form.cleaned_data["scopes"]),
        actor=request.user,
        now=clock.now(),
        holds=timedelta(days=form.cleaned_data["days"]),
    )
    return render(request, "accounts/token_made.html", {"token": token, "secret": secret})


@signed_in
@require_POST
def revoke_token(request: PersonRequest, token_id: str) -> HttpResponse:
    """Make one of one's own API tokens void."""
    services.revoke_api_token(access_api_token(request.user, token_id), actor=request.user, now=clock.now())
    messages.success(request, _("The API token is void from now on."))
    return redirect("accounts:account")


@signed_in
@require_http_methods(["GET", "POST"])
def people(request: PersonRequest) -> HttpResponse:
    """List everybody and invite somebody; the link of an invitation is shown once."""
    require_site_role(request.user, Role.ADMIN, Role.LEAD)
    held = queries.site_roles(request.user)
    form = InviteForm(request.POST or None, held=held)
    link = ""
    if request.method == "POST" and form.is_valid():
        roles = tuple(Role(role) for role in form.cleaned_data["roles"])
        _invitation, secret = services.invite(
            roles=roles, actor=request.user, now=clock.now(), name=form.cleaned_data["name"], email=form.cleaned_data["email"]
        )
        link = request.build_absolute_uri(reverse("accounts:invitation-accept", args=[secret]))
        form = InviteForm(held=held)
    context = {"people": queries.people(), "invitations": queries.open_invitations(), "form": form, "link": link}
    return render(request, "accounts/people.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def person(request: PersonRequest, person_id: str) -> HttpResponse:
    """Show a person; an administrator changes their roles or closes the account here."""
    someone = access_person(request.user, person_id)
    if request.method == "POST":
        require_site_role(request.user, Role.ADMIN)
        _change_person(request, someone)
        return redirect("accounts:person", someone.public_id)
    held = queries.site_roles(someone)
    rows = [(value, name, Role(value) in held) for value, name in ROLE_NAMES]
    context = {
        "someone": someone,
        "roles": rows,
        "may_change": queries.has_site_role(request.user, Role.ADMIN),
        "may_list": queries.has_site_role(request.user, Role.ADMIN, Role.LEAD),
    }
    return render(request, "accounts/person.html", context)


def _change_person(request: PersonRequest, someone: User) -> None:
    now = clock.now()
    if request.POST.get("act") in {"close", "open"}:
        services.set_active(someone, is_active=request.POST["act"] == "open", actor=request.user, now=now)
        return
    wanted = {Role(role) for role in request.POST.getlist("roles") if role in {r.value for r in Role}}
    held = queries.site_roles(someone)
    for role in wanted - held:
        services.grant_role(someone, role=role, actor=request.user, now=now)
    for role in held - wanted:
        services.withdraw_role(someone, role=role, actor=request.user, now=now)
    messages.success(request, _("Saved."))


@signed_in
@require_POST
def withdraw_invitation(request: PersonRequest, invitation_id: str) -> HttpResponse:
    """Make an invitation's link void."""
    services.withdraw_invitation(access_invitation(request.user, invitation_id), actor=request.user, now=clock.now())
    return redirect("accounts:person-list")


@signed_in
@require_safe
def audit_trail(request: PersonRequest) -> HttpResponse:
    """Show the latest audit events, a page at a time."""
    require_site_role(request.user, Role.ADMIN)
    before = request.GET.get("before", "")
    events = recent_events(before=int(before) if before.isdecimal() and len(before) < 19 else None)  # noqa: PLR2004  a bigint has 19 digits
    return render(request, "accounts/audit.html", {"events": events})
