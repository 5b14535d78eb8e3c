"""What a plan says that was not started from a handout: its introduction, follow-up, stop rule."""

from __future__ import annotations

STOP_RULE = (
    "Begin each exercise slowly. Ease off if it starts to hurt. "
    "If it hurts too much, stop and call the clinic."
)
INTRODUCTION = (
    "Your therapist chose these exercises for you and set the day on which each one may start.",
)
FOLLOW_UP = (
    "Your follow-up care is part of your treatment.",
    "Keep every appointment. Call the clinic if there is a problem.",
    "Know your test results, and keep a list of your medicines.",
)
