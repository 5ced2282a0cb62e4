"""What a late submission costs."""

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 24 * 3600


class PerDay(LateSubmissionPlugin):
    """A share of the points for each day begun after the due date.

        c.AssignLatePenalties.plugin_class = "autograder.gradebook.late.PerDay"
        c.PerDay.share_per_day = 0.1
        c.PerDay.free_days = 0

    It is a share of what the checks gave: points given by hand are not made less. Nothing happens
    to an assignment without a due date.
    """

    share_per_day = Float(0.1, min=0, max=1, help="share of the points for each day").tag(
        config=True
    )
    free_days = Float(0, min=0, help="days after the due date that cost nothing").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take off, or None."""
        days = math.ceil(total_seconds_late / DAY - self.free_days)
        return score * min(1.0, self.share_per_day * days) if days > 0 else None
