"""The pure plan as a machine: one delivery, a Slack that does what it likes, and time.

No database: the state is what a settlement says. Never twice, never lost, never in doubt for ever.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot import plan
from bot.model.deliveries import (
    Absent,
    Busy,
    CannotLook,
    ChannelRefused,
    Delivery,
    DeliveryState,
    Look,
    Outcome,
    PayloadRefused,
    Sent,
    Settlement,
    Unknown,
    WorkspaceRefused,
)
from bot.model.ids import ChannelId
from tests.fakes import NOON, a_delivery

SECOND = timedelta(seconds=1)
CALL = timedelta(seconds=20)
"""The longest that a call may last."""


class OneDelivery(RuleBasedStateMachine):
    """A row from planned to its end; `there` are the moments from which its messages show."""

    def __init__(self) -> None:
        super().__init__()
        self.row: Delivery = a_delivery(state=DeliveryState.PLANNED)
        self.now = NOON
        self.there: list[datetime] = []

    def settle(self, settlement: Settlement) -> None:
        """Write it down."""
        self.row = replace(
            self.row,
            state=settlement.state,
            due_at=settlement.due_at,
            reason=settlement.reason,
            ts=settlement.ts or self.row.ts,
            rung=settlement.rung or self.row.rung,
            unsure=self.row.unsure - settlement.answered,
            message=settlement.message or self.row.message,
        )

    def come(self) -> None:
        """Let the moment come for which the row waits."""
        self.now = max(self.now, self.row.due_at)

    @rule(seconds=st.integers(1, 30))
    def time_passes(self, seconds: int) -> None:
        """And nothing else."""
        self.now += SECOND * seconds

    @precondition(lambda self: self.row.state is DeliveryState.PLANNED)
    @rule(
        answer=st.sampled_from(
            [
                Busy("ratelimited", 30 * SECOND),
                ChannelRefused("is_archived"),
                WorkspaceRefused("token_revoked"),
                PayloadRefused("invalid_blocks", "downloading image failed"),
                PayloadRefused("metadata_too_large", ""),
            ]
        )
    )
    def slack_refuses(self, answer: Outcome) -> None:
        """Nothing is stored, and it says so."""
        self.begin()
        self.settle(plan.after(self.row, answer, now=self.now))

    @precondition(lambda self: self.row.state is DeliveryState.PLANNED)
    @rule(lasts=st.integers(0, 20))
    def slack_takes_it(self, lasts: int) -> None:
        """The message is there."""
        self.begin()
        self.now += SECOND * lasts
        self.there.append(self.now)
        self.settle(plan.after(self.row, Sent(ChannelId("C1"), "1.0"), now=self.now))

    @precondition(lambda self: self.row.state is DeliveryState.PLANNED)
    @rule(lasts=st.integers(0, 20), arrives=st.one_of(st.none(), st.integers(0, 20)))
    def the_line_breaks(self, lasts: int, arrives: int | None) -> None:
        """The message arrives within the longest time of a call, or never."""
        self.begin()
        if arrives is not None:
            self.there.append(self.now + SECOND * arrives)
        self.now += SECOND * lasts
        self.settle(plan.after(self.row, Unknown("timeout"), now=self.now))

    @precondition(lambda self: self.row.state is DeliveryState.PLANNED)
    @rule(stored=st.booleans())
    def slack_itself_fails(self, stored: bool) -> None:  # noqa: FBT001 - hypothesis's way
        """It is done with the call: what is not there by now never comes."""
        self.begin()
        if stored:
            self.there.append(self.now)
        self.settle(plan.after(self.row, Unknown("http_500", over=True), now=self.now))

    @precondition(lambda self: self.row.state is DeliveryState.PLANNED)
    @rule(arrives=st.one_of(st.none(), st.integers(0, 20)))
    def we_die_in_mid_call(self, arrives: int | None) -> None:
        """Whoever comes next takes the row for one whose fate is unknown."""
        self.begin()
        if arrives is not None:
            self.there.append(self.now + SECOND * arrives)
        self.row = replace(self.row, state=DeliveryState.UNKNOWN, due_at=self.now)

    @precondition(lambda self: self.row.state is DeliveryState.UNKNOWN)
    @rule(
        blind=st.one_of(
            st.none(),
            st.sampled_from(
                [CannotLook("ratelimited", 60 * SECOND), CannotLook("missing_scope")]
            ),
        )
    )
    def we_look(self, blind: CannotLook | None) -> None:
        """What is there is seen."""
        self.come()
        seen = any(moment <= self.now for moment in self.there)
        look: Look = blind or (Sent(ChannelId("C1"), "1.0") if seen else Absent())
        self.settle(plan.after_look(self.row, look, now=self.now))

    def begin(self) -> None:
        """What the outbox does before a call leaves."""
        self.come()
        self.row = replace(
            self.row,
            state=DeliveryState.SENDING,
            attempts=self.row.attempts + 1,
            unsure=self.row.unsure + 1,
            attempted_at=self.now,
        )

    @invariant()
    def never_twice(self) -> None:
        """At the most one message ever arrives."""
        assert len(self.there) <= 1

    @invariant()
    def what_is_sent_is_there(self) -> None:
        """A row says sent only of a message that arrived."""
        if self.row.state is DeliveryState.SENT:
            assert self.there
            assert self.row.ts

    @invariant()
    def what_does_not_arrive_says_why(self) -> None:
        """Nothing is dropped in silence."""
        if self.row.state in {DeliveryState.HELD, DeliveryState.REFUSED}:
            assert self.row.reason

    @invariant()
    def patience_has_an_end(self) -> None:
        """Nothing waits longer than half an hour, and nothing is tried without end."""
        assert self.row.due_at <= self.now + timedelta(minutes=30)
        assert self.row.attempts <= 40
        assert self.row.unsure <= 5


TestOneDelivery = OneDelivery.TestCase
TestOneDelivery.settings = settings(
    max_examples=400, stateful_step_count=30, deadline=None, derandomize=True
)
