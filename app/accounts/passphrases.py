"""A password that somebody may take: four words, chosen by chance.

The words are the EFF's long list for dice, as the package xkcdpass brings it: 7,776 common words
without bad ones. Of these we take short ones, and none that hurts where people come for help.
"""

from __future__ import annotations

import secrets
from functools import cache
from importlib.resources import files

WORDS_AT_ONCE = 4
LENGTHS = range(4, 9)
UNKIND = (
    *("agon", "anem", "arous", "badass", "baboon", "bloat", "booz", "brib", "bruis"),
    *("brute", "casket", "casualty", "catfight", "cheat", "choke", "coma"),
    *("crazed", "crazi", "crazy", "cruel", "cuss", "dagger", "deaf", "decay", "defil"),
    *("degrad", "delus", "depress", "depriv", "derang", "despis", "disgrac"),
    *("divorc", "dread", "drown", "evil", "fail", "fang", "feeble"),
    *(
        "fever",
        "filth",
        "fondl",
        "gag",
        "glaucoma",
        "goon",
        "gore",
        "gory",
        "graven",
        "graves",
        "graveyard",
        "groin",
    ),
    *("grope", "hangnail", "hangover", "harmful", "harsh", "hate", "hurt", "impotent"),
    *("jail", "junk", "kiss", "limp", "lunac", "lust", "maim", "mangle"),
    *("mortal", "numbing", "numbly", "numbness", "occult", "opium", "panic", "panty"),
    *("pantyhose", "paraly", "pelvis", "poison", "postnasal", "predator", "pregnan", "prison"),
    *("prude", "punish", "punk", "rabi", "racis", "rash", "ravage", "rectal", "revenge", "revolt"),
    *("rotten", "savage", "scab", "scam", "scandal", "scar", "seduc", "seizing", "shame"),
    *("sinister", "sinner", "slain", "slap", "slob", "slum", "smug", "snort", "spew", "squash"),
    *("starv", "stink", "strangle", "suffer", "sultry", "sweat", "swear", "swing"),
    *("tainted", "threat", "thrash", "tragedy", "traitor", "undead", "undying", "unease"),
    *("unloved", "unrobed", "unwell", "vagran", "viper", "viral", "virus", "wimp"),
    *("womb", "wound", "wrath", "wreck", "yell", "zombie"),
)
"""How words begin that nobody should be given here."""


def suggest_passphrase() -> str:
    """Four of about 6,000 words: 50 random bits, and long enough to be a password."""
    return " ".join(secrets.choice(words()) for _ in range(WORDS_AT_ONCE))


@cache
def words() -> tuple[str, ...]:
    """Read at the first use."""
    listed = files("xkcdpass").joinpath("static", "eff-long").read_text(encoding="ascii").split()
    return tuple(
        word
        for word in listed
        if word.isalpha() and len(word) in LENGTHS and not word.startswith(UNKIND)
    )
