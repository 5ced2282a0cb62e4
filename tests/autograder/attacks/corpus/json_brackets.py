"""Send messages of brackets, each of which becomes an object in the grader."""

BEFORE = r"""
kernel = get_ipython().kernel
many = [[] for _ in range(1_500_000)]
for _ in range(10):
    content = {"data": {"application/json": many}, "metadata": {}}
    kernel.send_response(kernel.iopub_socket, "display_data", content)
"""
STATUS = ("graded", "died", "timed out", "tampered", "out of memory", "malformed")
STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
