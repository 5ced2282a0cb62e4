"""Display 20,000 things."""

BEFORE = r"""
from IPython.display import HTML, display
for i in range(20_000):
    display(HTML("<p>" + "x" * 500 + "</p>"))
"""

STATUS = ("graded", "timed out")
WAITS = True

PAGE = 3000000
