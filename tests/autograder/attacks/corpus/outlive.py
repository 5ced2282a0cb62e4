"""Leave a process behind that goes on after grading."""

BEFORE = r"""
import os, subprocess
subprocess.Popen(["sleep", "86397.25"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    os.execvp("sleep", ["sleep", "86397.25"])
"""

SURVIVOR = "86397.25"
