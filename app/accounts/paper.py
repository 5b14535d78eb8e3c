"""The invitation as a letter, for a patient who has no e-mail address."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from app.paper import parts
from app.paper.document import Document, Pictures
from app.paper.text import rich


def invitation_document(
    *,
    name: str,
    sign_in_name: str,
    clinic: str,
    phone: str,
    emergency: str,
    address: str,
    last_day: date,
    day: date,
    paper: str,
    large: bool = False,
) -> Document:
    """A letter to ``name`` with the link of an invitation (``address``, good until ``last_day``).

    ``sign_in_name`` is what they sign in with: an e-mail address, or a name made for them.

    The address opens the account of whoever uses it first, so the letter is given by hand.
    """
    pictures = Pictures()
    printed = format_date(day, "long")
    data = {
        **parts.frame(
            title=_("Your home exercises are ready"),
            clinic=clinic,
            foot=(name, _("printed %(day)s", day=printed)),
            paper=paper,
            large=large,
        ),
        "lines": [rich(_("For <strong>%(patient)s</strong>."), patient=name), [(printed, False)]],
        "introduction": [
            _("Your therapist has put a plan of home exercises on a web page for you."),
            _("There you see what to do today, with pictures, and you can print it."),
        ],
        "code": parts.qr_code(
            pictures.add_qr(address),
            _("QR code of your invitation"),
            [(_("Scan this with your phone."), True)],
        ),
        "steps": [
            rich(_("Scan the code with the camera of your phone. Or type this address:")
                 + " <strong>%(address)s</strong>", address=address),
            rich(_("Choose a password. Three or four words that only you would put together do "
                   "well.")),
            rich(_("From then on, sign in as <strong>%(name)s</strong> with your password whenever "
                   "you like."), name=sign_in_name),
        ],
        "before": _("Do this by %(day)s. The code works once.",
                    day=format_date(last_day, "full")),
        "notes": [
            _("Keep this letter to yourself until then. Whoever has the code could use it."),
            _("Did the code stop working? Call us and we print a new one."),
        ],
        "questions": parts.questions(clinic, phone, emergency),
    }  # fmt: skip
    return Document("accounts/invitation.typ", data, day, pictures)
