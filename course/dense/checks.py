"""What a right answer to the exercise on dense is, and what each wrong answer means."""

from __future__ import annotations

LECTURE = "12_dense"
