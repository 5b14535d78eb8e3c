"""The list of people, and what an administrator does about one of them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import policy
from app.access import allow, shows, signed_in_person
from app.accounts import invitations, mails, managing, service
from app.accounts.blueprint import pages
from app.accounts.forms import (
    FindPersonForm,
    InvitePersonForm,
    ManagePersonForm,
    SendInvitationForm,
)
from app.accounts.links import open_link, token_of
from app.accounts.models import Account, Link
from app.accounts.rules import Purpose
from app.accounts.second_factor import has_second_factor
from app.accounts.sessions import list_sessions
from app.accounts.showing import post_and_tell, settings, show
from app.accounts.words import ROLES
from app.audit.service import About
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.forms import Form
from app.paging import page_asked_for
from app.policy import Role


@pages.route("/people", methods=["GET", "POST"])
@allow(policy.is_admin)
def people() -> ResponseReturnValue:
    """The list; a search is sent by POST, so that no name stands in an address."""
    shows(About("people"))
    form = FindPersonForm()
    words = form.words.data if form.validate_on_submit() else ""
    page = service.search_people(words) if words else service.list_people(page_asked_for())
    body = render_template(
        "accounts/people.html",
        form=form,
        page=page,
        words=words,
        role_names=ROLES,
        form_errors=form.problems,
    )
    return body, 422 if form.errors else 200


@pages.route("/people/new", methods=["GET", "POST"])
@allow(policy.can_manage_people)
def new_person() -> ResponseReturnValue:
    """Invite a colleague; patients are invited by their therapists."""
    me, form = signed_in_person(), InvitePersonForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        try:
            account = _made_before(form) or invitations.add_invited(
                email, form.name.data or "", map(Role, form.roles.data or ()), by=me, now=now()
            )
            link, is_new = managing.invite_again(account, email, id=form.row_id, by=me, now=now())
        except RuleBroken as error:
            form.put_back(error, "email")
        else:
            db.session.commit()
            if is_new:
                _post_invitation(link)
            return redirect(url_for(".person", account_id=account.id), 303)
    return show("accounts/new_person.html", form)


@pages.route("/people/<uuid:account_id>", methods=["GET", "POST"])
@allow(policy.can_manage_people)
def person(account_id: UUID) -> ResponseReturnValue:
    """One account: what it may do, where it is signed in, whether its owner got in yet."""
    account = service.find_account(account_id) or abort(404)
    shows(About("account", account.id))
    invite = SendInvitationForm(email=account.email if account.has_mail else "")
    manage = ManagePersonForm(roles=list(account.roles))
    form: Form = manage
    if request.method == "POST":
        form = invite if request.form.get("do") in INVITING else manage
        try:
            done = _invite(account, invite) if form is invite else _manage(account, manage)
        except RuleBroken as error:
            if error.field is None:
                raise
            db.session.rollback()
            form.put_back(error, "email" if form is invite else "reason")
            done = False
        if done:
            return redirect(url_for(".person", account_id=account.id), 303)
    return show(
        "accounts/person.html",
        form,
        account=account,
        invite=invite,
        manage=manage,
        role_names=ROLES,
        invitation=open_link(account.id, Purpose.INVITATION, now()),
        sessions=list_sessions(account, now()),
        has_second_factor=has_second_factor(account.id),
    )


INVITING = ("invite", "withdraw")
MANAGING: dict[str, tuple[Callable[..., None], str]] = {
    "disable": (managing.disable_account, _l("Nobody can sign in with this account any more.")),
    "enable": (managing.enable_account, _l("This person can sign in again.")),
    "second-factor": (
        managing.reset_second_factor,
        _l("The second factor is gone. Staff set up another one when they sign in."),
    ),
    "sign-out": (managing.sign_out_everywhere, _l("This person is signed out everywhere.")),
}


def _invite(account: Account, form: SendInvitationForm) -> bool:
    """Send again or withdraw; False where the form is to be shown again."""
    me, link = signed_in_person(), None
    if request.form.get("do") == "withdraw":
        invitations.withdraw_invitation(account, by=me, now=now())
        flash(_("The link of the invitation works no more."), "success")
    elif not form.validate():
        return False
    else:
        sent, is_new = managing.invite_again(
            account, form.email.data or "", id=form.row_id, by=me, now=now()
        )
        link = sent if is_new else None
    db.session.commit()
    if link:
        _post_invitation(link)
    return True


def _manage(account: Account, form: ManagePersonForm) -> bool:
    """Do what the pressed button says, with its reason; False where that is missing."""
    me, do = signed_in_person(), request.form.get("do", "")
    if do != "roles" and do not in MANAGING:
        abort(400)
    if not form.validate():
        return False
    reason = form.reason.data or ""
    if do == "roles":
        managing.change_roles(account, map(Role, form.roles.data or ()), reason, by=me, now=now())
        flash(_("The roles are changed. This person has to sign in again."), "success")
    else:
        verb, sentence = MANAGING[do]
        verb(account, reason, by=me, now=now())
        flash(sentence, "success")
    db.session.commit()
    return True


def _made_before(form: InvitePersonForm) -> Account | None:
    """The account that the same form made already, when it was sent twice."""
    link = db.session.get(Link, form.row_id)
    return service.find_account(link.account_id) if link else None


def _post_invitation(link: Link) -> None:
    address = settings().base_url + url_for(".invitation", token=token_of(link))
    post_and_tell(mails.invitation_mail(link, address, settings()))
