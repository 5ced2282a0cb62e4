"""Put a script into an output, for the instructor's browser."""

BEFORE = r"""
from IPython.display import HTML, display
display(HTML("<script>LEAKED()</script><img src=x onerror='LEAKED()'>"))
"""

SCRIPT = True
