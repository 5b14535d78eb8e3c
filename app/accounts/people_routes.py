"""The list of people, and what an administrator does about one of them."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policy
from app.access import allow, signed_in_person
from app.accounts import invitations, mails, service
from app.accounts.blueprint import pages
from app.accounts.forms import FindPersonForm, InvitePersonForm, SendInvitationForm
from app.accounts.links import open_link, token_of
from app.accounts.models import Account, Link
from app.accounts.rules import Purpose
from app.accounts.showing import post_and_tell, settings, show
from app.accounts.words import ROLES
from app.clock import now
from app.database import db
from app.errors import RuleBroken
from app.paging import page_asked_for
from app.policy import Role


@pages.route("/people", methods=["GET", "POST"])
@allow(policy.is_admin)
def people() -> ResponseReturnValue:
    """The list; a search is sent by POST, so that no name stands in an address."""
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
            link, is_new = invitations.send_invitation(
                account, email, id=form.row_id, by=me, now=now()
            )
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
    """One account: what it may do, and whether its owner got in yet."""
    account = service.find_account(account_id) or abort(404)
    invite = SendInvitationForm(email=account.email if account.has_mail else "")
    if invite.is_submitted() and (answer := _do(account, invite)):
        return answer
    return show(
        "accounts/person.html",
        invite,
        account=account,
        role_names=ROLES,
        invitation=open_link(account.id, Purpose.INVITATION, now()),
    )


def _do(account: Account, invite: SendInvitationForm) -> ResponseReturnValue | None:
    """What the pressed button says; None where its form is to be shown again."""
    me, link = signed_in_person(), None
    try:
        match request.form.get("do"):
            case "invite" if account.is_invited:
                if not invite.validate():
                    return None
                sent, is_new = invitations.send_invitation(
                    account, invite.email.data or "", id=invite.row_id, by=me, now=now()
                )
                link = sent if is_new else None
            case "withdraw":
                invitations.withdraw_invitation(account, by=me, now=now())
                flash(_("The link of the invitation works no more."), "success")
            case _:
                abort(400)
    except RuleBroken as error:
        db.session.rollback()
        invite.put_back(error, "email")
        return None
    db.session.commit()
    if link:
        _post_invitation(link)
    return redirect(url_for(".person", account_id=account.id), 303)


def _made_before(form: InvitePersonForm) -> Account | None:
    """The account that the same form made already, when it was sent twice."""
    link = db.session.get(Link, form.row_id)
    return service.find_account(link.account_id) if link else None


def _post_invitation(link: Link) -> None:
    address = settings().base_url + url_for(".invitation", token=token_of(link))
    post_and_tell(mails.invitation_mail(link, address, settings()))
