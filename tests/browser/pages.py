"""Every page that can be opened, in each of its states: who opens it, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask

from tests.browser import prepare
from tests.factories import PASSWORD

NOT_PAGES = {
    "home.health": "answers a machine",
    "home.start": "leads on to each role's first page",
    "plans.approve": "leads back to the builder",
    "catalogue.picture": "is a picture",
}


@dataclass(frozen=True)
class Opened:
    """``name`` is the endpoint, with the state after a space where it has several.

    ``status`` is that of opening it. Where a button is to be pressed then, ``typed`` is filled in
    before, and ``answer`` is the status of what comes.
    """

    name: str
    who: str
    path: str
    press: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    answer: int = 422
    status: int = 200

    @property
    def endpoint(self) -> str:
        return self.name.split()[0]


_TESS = {"email": "tess@example.org", "password": PASSWORD}
_KIM = {"email": "kim@example.org", "password": PASSWORD}
_NEW_CODES = "Make new recovery codes"
_NO_EMAIL = {"email": ""}
LEAVE = f"Leave {prepare.REVISED} as it is"
UNTITLED = {"title": ""}

# {…} are the keys of `places`.
PAGES = (
    Opened("home.welcome", "", "/"),
    Opened("home.help", "", "/help"),
    Opened("accounts.sign_in", "", "/sign-in"),
    Opened("accounts.sign_in error", "", "/sign-in", "Sign in"),
    Opened("accounts.code", "", "/sign-in", "Sign in", _TESS, 200),
    Opened("accounts.code error", "", "/sign-in/code", "Sign in"),
    Opened("accounts.set_up", "", "/sign-in", "Sign in", _KIM, 200),
    Opened("accounts.set_up error", "", "/sign-in/set-up", "Go on"),
    Opened("accounts.forgotten", "", "/forgotten"),
    Opened("accounts.forgotten error", "", "/forgotten", "Send me a link"),
    Opened("accounts.invitation", "", "{invitation}"),
    Opened("accounts.invitation error", "", "{invitation}", "Keep this password and go on"),
    Opened("accounts.invitation gone", "", "/invitations/nothing", status=404),
    Opened("accounts.reset", "", "{reset}"),
    Opened("accounts.reset error", "", "{reset}", "Change the password"),
    Opened("accounts.new_address", "", "{new_address}"),
    Opened("accounts.account", "theo", "/account"),
    Opened("accounts.account patient", "pia", "/account"),
    Opened("accounts.confirm", "theo", "/account/confirm"),
    Opened("accounts.confirm error", "theo", "/account/confirm", "Go on"),
    Opened("accounts.passkeys", "theo", "/account/passkeys"),
    Opened("accounts.password", "pia", "/account/password?another"),
    Opened("accounts.password error", "pia", "/account/password", "Change the password"),
    Opened("accounts.email", "pia", "/account/email"),
    Opened("accounts.email error", "pia", "/account/email", "Send the link"),
    Opened("accounts.authenticator", "pia", "/account/second-factor"),
    Opened("accounts.authenticator error", "pia", "/account/second-factor", "Use this app"),
    Opened("accounts.authenticator staff", "theo", "/account/second-factor"),
    Opened("accounts.recovery_codes", "theo", "/account/second-factor", _NEW_CODES, answer=200),
    Opened("accounts.new_person", "ada", "/people/new"),
    Opened("accounts.new_person error", "ada", "/people/new", "Send the invitation"),
    Opened("accounts.person", "ada", "/people/{theo}"),
    Opened("accounts.person error", "ada", "/people/{theo}", "Change the roles"),
    Opened("accounts.person invited", "ada", "/people/{invited}"),
    Opened("accounts.person invited error", "ada", "/people/{invited}", "Send again", _NO_EMAIL),
    Opened("accounts.people", "ada", "/people"),
    Opened("accounts.people nobody", "ada", "/people", "Find", {"words": "nobody"}, 200),
    Opened("catalogue.index", "theo", "/catalogue"),
    Opened("catalogue.index admin", "ada", "/catalogue"),
    Opened("catalogue.index nothing", "theo", "/catalogue?q=zzzz"),
    Opened("catalogue.index filtered", "theo", "/catalogue?q=sholder&area=shoulders&kind=strength"),
    Opened("catalogue.index no fit", "theo", "/catalogue?q=rows&position=kneeling"),
    Opened("catalogue.exercise", "theo", "{exercise}"),
    Opened("catalogue.exercise admin", "ada", "{exercise}"),
    Opened("catalogue.revisions", "ada", "{exercise}/revisions"),
    Opened("catalogue.new", "ada", "/catalogue/new"),
    Opened("catalogue.new error", "ada", "/catalogue/new", "Publish"),
    Opened("catalogue.edit", "ada", "{exercise}/edit"),
    Opened("catalogue.edit preview", "ada", "{exercise}/edit", "Preview", {}, 200),
    Opened("catalogue.edit error", "ada", "{exercise}/edit", "Publish", {"title": ""}),
    Opened("catalogue.ladder", "ada", "{exercise}/ladder"),
    Opened("catalogue.ladder linked", "ada", "{linked}/ladder?q=zzzz"),
    Opened("catalogue.checklist", "ada", "{exercise}/checklist"),
    Opened("catalogue.checklist error", "ada", "{exercise}/checklist", "Keep the checklist"),
    Opened("catalogue.conditions", "ada", "/catalogue/conditions"),
    Opened("catalogue.conditions error", "ada", "/catalogue/conditions", "Add"),
    Opened("catalogue.scenes", "ada", "/catalogue/scenes"),
    Opened("catalogue.scene", "ada", "/catalogue/scenes/resisted-rows?picture=2"),
    Opened(
        "catalogue.scene error",
        "ada",
        "/catalogue/scenes/midback-stretch",
        "Save as a new version",
        {"alt": "", "head-x": "up"},
    ),
    Opened("catalogue.exercise retired", "theo", "{retired}"),
    Opened("catalogue.retire", "ada", "{exercise}/retire"),
    Opened("catalogue.retire error", "ada", "{exercise}/retire", "Retire this exercise"),
    Opened("catalogue.retire back", "ada", "{retired}/retire"),
    Opened("catalogue.merge", "ada", "{exercise}/merge"),
    Opened("catalogue.merge error", "ada", "{exercise}/merge", "Merge for ever"),
    Opened("home.exercise_use", "ada", "{exercise}/use"),
    Opened("catalogue.revisions pictures", "theo", "{retired}/revisions"),
    Opened("catalogue.tags", "ada", "/catalogue/tags"),
    Opened("catalogue.tags error", "ada", "/catalogue/tags", "Add the tag", {"value": "neck"}),
    Opened("catalogue.draft", "ada", "{theirs}"),
    Opened("catalogue.draft error", "ada", "{theirs}", "Send it back"),
    Opened("catalogue.edit_draft", "ada", "{mine}/edit"),
    Opened("catalogue.new_handout", "ada", "/handouts/new"),
    Opened(
        "catalogue.new_handout preview", "ada", "/handouts/new?copy_of=T680", "Preview", {}, 200
    ),
    Opened("catalogue.handout_revisions", "theo", "/handouts/T680/revisions"),
    Opened("catalogue.share_handout", "ada", "/handouts/T680/share"),
    Opened("catalogue.share_handout error", "ada", "/handouts/T680/share", "Save", {"code": "x"}),
    Opened("home.find", "", "/find"),
    Opened("home.find unknown", "", "/find?code=nothing", status=404),
    Opened("catalogue.handouts", "ada", "/handouts"),
    Opened("catalogue.handout", "", "/handouts/T680"),
    Opened("catalogue.handout admin", "ada", "/handouts/T680"),
    Opened("catalogue.edit_handout", "ada", "/handouts/T680/edit"),
    Opened("catalogue.edit_handout error", "ada", "/handouts/T680/edit", "Publish", {"title": ""}),
    Opened("home.caseload", "theo", "/patients"),
    Opened("home.caseload many", "tess", "/patients"),
    Opened("home.caseload next page", "tess", "/patients", "Find", {"words": "maximiliane"}, 200),
    Opened("home.caseload empty", "theo", "/patients?show=archived"),
    Opened("home.caseload nobody", "theo", "/patients", "Find", {"words": "zzz"}, 200),
    Opened("home.caseload misspelt", "theo", "/patients", "Find", {"words": "pai"}, 200),
    Opened("home.audit", "ada", "/audit"),
    Opened("home.audit end", "ada", "/audit?before=1"),
    Opened("home.audit chosen", "ada", "/audit", "Show", {}, 200),
    Opened("patients.emergency", "theo", "/patients/emergency"),
    Opened("patients.emergency error", "theo", "/patients/emergency", "Find"),
    Opened(
        "patients.emergency found", "theo", "/patients/emergency", "Find", {"words": "Paul"}, 200
    ),
    Opened("patients.new", "theo", "/patients/new"),
    Opened("patients.new error", "theo", "/patients/new", "Add patient"),
    Opened("patients.edit", "theo", "{pia}/edit"),
    Opened("patients.edit error", "theo", "{pia}/edit", "Save", {"name": ""}),
    Opened("patients.conditions", "theo", "{pia}/conditions"),
    Opened("patients.conditions error", "theo", "{pia}/conditions", "Add to the record"),
    Opened("patients.conditions correct", "theo", "{knee}"),
    Opened("patients.conditions correct error", "theo", "{knee}", "Save", {"since": "1800-01-01"}),
    Opened("patients.invitation", "theo", "{maria}/invitation"),
    Opened("patients.invitation error", "theo", "{maria}/invitation", "Send the invitation"),
    Opened("patients.invitation letter", "theo", "{pia}/invitation", "Make a letter", answer=200),
    Opened("patients.archive", "theo", "{pia}/archive"),
    Opened("patients.archive archived", "tess", "{archived}/archive"),
    Opened("patients.hand_over", "theo", "/patients/hand-over"),
    Opened("patients.hand_over many", "tess", "/patients/hand-over"),
    Opened("patients.hand_over error", "theo", "/patients/hand-over", "Go on"),
    Opened("patients.hand_over_for", "ada", "/people/hand-over?of={theo}"),
    Opened("patients.hand_over_for error", "ada", "/people/hand-over?of={theo}", "Go on"),
    Opened("patients.teams", "ada", "/people/care-teams"),
    Opened("patients.teams of one", "ada", "/people/care-teams?of={theo}"),
    Opened("patients.teams nobody", "ada", "/people/care-teams", "Find", {"words": "zzz"}, 200),
    Opened("patients.assign_team", "ada", "{team}"),
    Opened("patients.assign_team error", "ada", "{team}", "Add to the team"),
    Opened("patients.care_team", "theo", "{pia}/care-team"),
    Opened("patients.care_team error", "theo", "{pia}/care-team", "Add to the team"),
    Opened("home.patient", "theo", "{pia}"),
    Opened("home.patient empty", "tess", "{paul}"),
    Opened("home.patient archived", "tess", "{archived}"),
    Opened("plans.new", "theo", "{pia}/plans/new"),
    Opened("plans.new error", "theo", "{pia}/plans/new", "Start an empty plan"),
    Opened("plans.edit", "theo", "{plan}/edit"),
    Opened("plans.edit empty", "theo", "{empty}/edit"),
    Opened("plans.edit nothing found", "theo", "{plan}/edit?q=zzzz"),
    Opened("plans.edit filtered", "theo", "{plan}/edit?q=sholder&area=shoulders&safe=1"),
    Opened("plans.edit error", "theo", "{plan}/edit", "Save draft", {"rows-0-hold_low": "300"}),
    Opened(
        "plans.edit refused",
        "theo",
        "{plan}/edit",
        "Approve the plan",
        {"rows-1-answers-0-text": "", "rows-2-start_on": "2026-01-01"},
    ),
    Opened("plans.preview", "theo", "{plan}/preview"),
    Opened("plans.discard", "theo", "{plan}/discard"),
    Opened("plans.stop", "theo", "{plan}/stop"),
    Opened("plans.stop error", "theo", "{plan}/stop", "Stop it now"),
    Opened("plans.reopen", "theo", "{stopped}/reopen"),
    Opened("plans.reopen error", "theo", "{stopped}/reopen", "Go on with it"),
    Opened("plans.look", "theo", "{busy}/look"),
    Opened("plans.look error", "theo", "{busy}/look", LEAVE),
    Opened("plans.look nothing", "theo", "{stopped}/look"),
    Opened("plans.to_look_at", "theo", "/patients/to-look-at"),
    Opened("plans.to_look_at nothing", "tess", "/patients/to-look-at"),
    Opened("plans.superseded", "ada", "/catalogue/superseded"),
    Opened("plans.save_template", "theo", "{busy}/template"),
    Opened("plans.save_template error", "theo", "{busy}/template", "Save the template", UNTITLED),
    Opened("plans.add_template", "theo", "{template}"),
    Opened("plans.list_templates", "theo", "/templates"),
    Opened("plans.list_templates nothing", "tess", "/templates"),
    Opened("plans.record", "theo", "{plan}/record"),
    Opened("plans.as_of", "theo", "{busy}/as-of"),
    Opened("plans.as_of nothing", "theo", "{plan}/as-of?day=2026-03-01"),
    Opened("plans.differences", "theo", "{busy}/differences"),
    Opened("plans.differences same", "theo", "{plan}/differences"),
    Opened("plans.end", "theo", "{plan}/end"),
    Opened("plans.end error", "theo", "{plan}/end", "End the plan"),
    Opened("plans.plan", "pia", "{plan}"),
    Opened("plans.plan staff", "theo", "{plan}"),
    Opened("plans.plan draft only", "theo", "{empty}"),
    Opened("plans.plan busy", "theo", "{busy}"),
    Opened("plans.edit busy", "theo", "{busy}/edit"),
    Opened("plans.plan stopped", "pia", "{stopped}"),
    Opened("plans.plan stopped staff", "theo", "{stopped}"),
    Opened("plans.plan ended", "pia", "{ended}"),
    Opened("plans.plan ended staff", "theo", "{ended}"),
    Opened("plans.print_plan", "pia", "{plan}/print"),
    Opened("plans.print_plan large", "pia", "{plan}/print?print=large&size=letter"),
    Opened("plans.revisions", "theo", "{plan}/revisions"),
    Opened("plans.revision", "theo", "{plan}/revisions/2"),
    Opened("plans.revision old", "theo", "{plan}/revisions/1"),
    Opened("plans.print_revision", "theo", "{plan}/revisions/1/print"),
    Opened("plans.today_page", "pia", "/today"),
    Opened("plans.today_page none", "paul", "/today"),
    Opened("plans.today_exercise", "pia", "{today}"),
)


def endpoints(app: Flask) -> set[str]:
    """All that answers GET with a page: a PDF is looked at by the tests of the paper."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return {rule.endpoint for rule in rules if not rule.endpoint.endswith("_pdf")}
