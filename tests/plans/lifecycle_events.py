"""What happens to a plan beside its revisions, each beside what the plain model says."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.plans.lifecycle_driver import Clinic
from tests.plans.lifecycle_model import Model

is_approved = precondition(lambda self: bool(self.model.approved))


class PlanEvents(RuleBasedStateMachine):
    """Theo ends, stops and takes either back."""

    clinic: Clinic
    model: Model

    @is_approved
    @rule()
    def end_or_reopen(self) -> None:
        verb = "reopen" if self.model.ended else "end"
        self.clinic.send(f"{self.clinic.plan}/{verb}", {"reason": "It is time."})
        self.model.ended, self.model.stopped = not self.model.ended, False

    @is_approved
    @rule()
    def stop_or_take_the_stop_back(self) -> None:
        """The whole plan; one that has ended cannot be stopped as well."""
        verb, expect = "reopen" if self.model.stopped else "stop", 422 if self.model.ended else 303
        form = {"reason": "It is too much."}
        self.clinic.send(f"{self.clinic.plan}/{verb}", form, expect=expect)
        self.model.stopped = not self.model.stopped and not self.model.ended

    @is_approved
    @rule(place=st.integers(0, 11))
    def stop_one_exercise_or_take_that_back(self, place: int) -> None:
        rows = self.model.approved[-1].rows
        row = rows[place % len(rows)]
        verb = "reopen" if row.thread in self.model.stops else "stop"
        form = {"reason": "It is too much.", "thread": row.thread}
        self.clinic.send(f"{self.clinic.plan}/{verb}", form)
        self.model.stop_or_go_on(row)
