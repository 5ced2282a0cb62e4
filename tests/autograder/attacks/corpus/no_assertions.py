"""Remove assert statements with an AST transformer."""

BEFORE = r"""
import ast
class NoAssert(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(NoAssert())
"""
