"""Hand in outputs that say full marks."""


def submission(tiny):
    nb = tiny.notebook(tiny.WRONG)
    nb.metadata["autograder"] = {"status": "graded", "detail": "full marks"}
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": "2"},
                    "metadata": {},
                    "execution_count": 1,
                }
            ]
    return nb
