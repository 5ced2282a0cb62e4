"""Replace the source of the checks with an input transformer."""

BEFORE = r"""
def away(lines):
    return ["pass\n"] if any("assert" in line for line in lines) else lines
get_ipython().input_transformers_post.append(away)
"""
