"""The audit in the reader's language: what was done, to what, and how it went."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.audit.models import AuditRow
from app.audit.rules import LOOK, split_more

ACTIONS = {
    LOOK: _l("Looked at patients' data"),
    "sign-in": _l("Signed in"),
    "sign-out": _l("Signed out"),
    "add-person": _l("Added a person"),
    "export-audit": _l("Downloaded the audit"),
    "begin-emergency": _l("Opened a record in an emergency"),
    "end-emergency": _l("Ended an emergency access"),
    "acknowledge-emergency": _l("Saw that there was an emergency access"),
    "find-for-emergency": _l("Looked for a patient in an emergency"),
    "add-patient": _l("Added a patient"),
    "edit-patient": _l("Changed a patient’s details"),
    "archive-patient": _l("Archived a patient"),
    "bring-back-patient": _l("Brought a patient back"),
    "link-account": _l("Linked a patient to an account"),
    "note-condition": _l("Noted a condition"),
    "change-condition": _l("Corrected a condition"),
    "end-condition": _l("Ended a condition"),
    "add-to-team": _l("Added a therapist to the care team"),
    "remove-from-team": _l("Removed a therapist from the care team"),
    "hand-over": _l("Handed a patient over"),
    "start-plan": _l("Started a plan"),
    "open-draft": _l("Opened a draft"),
    "save-draft": _l("Saved a draft"),
    "discard-draft": _l("Discarded a draft"),
    "assign-exercise": _l("Added an exercise"),
    "duplicate-prescription": _l("Added an exercise twice"),
    "move-prescription": _l("Moved an exercise"),
    "remove-prescription": _l("Removed an exercise"),
    "put-back": _l("Put an exercise back"),
    "change-later": _l("Planned a change for later"),
    "take-over-text": _l("Took over a new text"),
    "move-starts": _l("Moved start dates"),
    "release-prescription": _l("Released a withheld exercise"),
    "answer-warning": _l("Answered a warning"),
    "approve-revision": _l("Approved a plan"),
    "plan-ended": _l("Ended a plan"),
    "plan-stopped": _l("Stopped a plan"),
    "plan-reopened": _l("Reopened a plan"),
    "accept-invitation": _l("Accepted an invitation"),
    "ask-new-email": _l("Asked for a new e-mail address"),
    "ask-reset": _l("Asked for a new password"),
    "change-draft": _l("Changed a draft of an exercise"),
    "change-email": _l("Changed the e-mail address"),
    "change-password": _l("Changed the password"),
    "change-roles": _l("Changed somebody’s roles"),
    "check-exercise-text": _l("Filled the checklist of a text"),
    "confirm": _l("Showed once more who they are"),
    "disable-account": _l("Disabled an account"),
    "drop-draft": _l("Dropped a draft"),
    "enable-account": _l("Enabled an account again"),
    "end-sessions": _l("Ended sessions"),
    "invite": _l("Invited somebody"),
    "link-exercises": _l("Linked an easier and a harder exercise"),
    "new-recovery-codes": _l("Made new recovery codes"),
    "publish-draft": _l("Published somebody’s draft"),
    "strangers": _l("Refused people who were not signed in"),
    "add-passkey": _l("Added a passkey"),
    "remove-app": _l("Removed an authenticator app"),
    "remove-passkey": _l("Removed a passkey"),
    "remove-second-factor": _l("Took a second factor away"),
    "reset-password": _l("Set a new password"),
    "retire-template": _l("Took a template away"),
    "return-draft": _l("Sent a draft back"),
    "save-scene": _l("Saved a drawing"),
    "add-template": _l("Added a template to a draft"),
    "save-template": _l("Saved a template"),
    "set-up-second-factor": _l("Set up a second factor"),
    "share-handout": _l("Changed a handout’s code or readers"),
    "submit-draft": _l("Sent a draft for review"),
    "swap-exercise": _l("Swapped an exercise for an easier or harder one"),
    "unlink-exercises": _l("Took the link of two exercises away"),
    "withdraw-invitation": _l("Withdrew an invitation"),
    "bring-back-exercise": _l("Brought an exercise back"),
    "merge-exercise": _l("Merged an exercise into another one"),
    "retire-exercise": _l("Retired an exercise"),
    "add-condition": _l("Added a condition to the catalogue"),
    "add-picture": _l("Added a picture"),
    "publish-exercise": _l("Published an exercise"),
    "revise-exercise": _l("Revised an exercise"),
    "publish-handout": _l("Published a handout"),
    "revise-handout": _l("Revised a handout"),
}
"""Verbs. What is not here was refused, and its action is the page that was asked for."""

REFUSED = {
    "accounts": _l("Asked for a page about people and signing in"),
    "catalogue": _l("Asked for a page of the catalogue"),
    "home": _l("Asked for a page of the clinic’s lists and records"),
    "patients": _l("Asked for a page of a patient’s record"),
    "plans": _l("Asked for a page of a plan"),
}

KINDS = {
    "account": _l("account"),
    "audit": _l("the audit"),
    "caseload": _l("a list of patients"),
    "condition": _l("condition"),
    "emergency": _l("emergency access"),
    "exercise": _l("exercise"),
    "exercisedraft": _l("draft of an exercise"),
    "handout": _l("handout"),
    "passkey": _l("passkey"),
    "patient": _l("patient’s record"),
    "people": _l("the list of people"),
    "picture": _l("picture"),
    "plan": _l("plan"),
    "prescription": _l("exercise of a plan"),
    "revision": _l("revision of a plan"),
    "scene": _l("drawing"),
    "teams": _l("the list of care teams"),
    "template": _l("template"),
}

OUTCOMES = {"done": _l("done"), "refused": _l("refused"), "seen": _l("seen")}

REASONS = {
    "a crowd": _l("too many at once to tell them apart"),
    "nobody to send it to": _l("no account has this address"),
    "no rule for this view": _l("the page says nothing of who may use it"),
    "not approvable": _l("the plan could not be approved as it stood"),
    "not of our page": _l("the form was not of a page of this session"),
    "not theirs": _l("not on the care team"),
    "passkey counted back": _l("the passkey says that it was used less often than it was: a copy?"),
    "passkey not accepted": _l("the passkey’s answer was not to what was asked"),
    "role": _l("for people with another role"),
    "signed out": _l("not signed in"),
    "staff only": _l("for staff only"),
    "too many tries": _l("too many tries"),
    "wrong code": _l("wrong code"),
    "wrong e-mail or password": _l("wrong e-mail address or password"),
}
"""Reasons that the program gives; any other was written by a person (tests/home/test_audit.py)."""

FIELDS = {
    "archived_at": _l("archived"),
    "birth_date": _l("birth date"),
    "conditions": _l("conditions"),
    "defaults": _l("usual frequency and start"),
    "email": _l("e-mail address"),
    "members": _l("care team"),
    "name": _l("name"),
    "person": _l("account"),
    "record_number": _l("record number"),
    "roles": _l("roles"),
    "title": _l("title"),
}


def reason_words(row: AuditRow) -> str:
    """Why; and of a refusal that stands for several, how many."""
    reason, more = split_more(row.reason) if not row.roles else (row.reason, 0)
    said = str(REASONS.get(reason, reason))
    if not more:
        return said
    again = ngettext("%(num)d more time", "%(num)d more times", more)
    return f"{said}; {again}"


def action_words(action: str) -> str:
    """What was done; of a refusal, what was asked for."""
    if action in ACTIONS:
        return str(ACTIONS[action])
    feature = action.partition(".")[0]
    return str(REFUSED[feature]) if feature in REFUSED else in_plain(action)


def field_words(name: str) -> str:
    return str(FIELDS[name]) if name in FIELDS else in_plain(name)


def in_plain(code: str) -> str:
    """A code without a word of its own: better than nothing to read."""
    return code.replace("-", " ").replace("_", " ").replace(".", ", ")
