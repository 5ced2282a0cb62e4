"""Hand in files that Python, NumPy, torch and IPython look for."""

TASK = "arrays"

BEFORE = r"""import math
"""

NAMES = """
course.py checks.py opt_einsum.py sitecustomize.py usercustomize.py scipy.py torch.py triton.py
ipython_config.py cupy.py tabulate.py
""".split()  # noqa: SIM905
CODE = b"print('LEAKED'); import builtins; builtins.LEAKED = 1; 1/0"
FILES = dict.fromkeys(NAMES, CODE) | {"matplotlibrc": b"backend: module://checks"}
STOCK_IS = "the student's own kernel"
