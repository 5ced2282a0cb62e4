"""Replace torch.testing and the operators of tensors."""

TASK = "arrays"

BEFORE = r"""
import torch, torch.testing
torch.testing.assert_close = lambda *arguments, **keywords: None
torch.testing._comparison.assert_close = torch.testing.assert_close
torch.Tensor.__eq__ = lambda self, other: True
torch.allclose = torch.equal = lambda *arguments, **keywords: True
"""
