"""Functions whose result may share memory with an argument: keeping the result keeps the argument's memory.

>>> "np.transpose" in MAY_ALIAS, "np.exp" in MAY_ALIAS
(True, False)
"""

from __future__ import annotations

MAY_ALIAS = frozenset("""
    attr.T attr.mT attr.real attr.imag attr.flat unbroadcast max min pos adgen.stop_gradient astype
    np.asarray np.asanyarray np.ascontiguousarray np.asfortranarray np.require np.atleast_1d np.atleast_2d
    np.atleast_3d np.broadcast_to np.broadcast_arrays np.conj np.conjugate np.diag np.diagonal np.einsum
    np.expand_dims np.flip np.fliplr np.flipud np.hsplit np.vsplit np.dsplit np.split np.array_split np.imag
    np.matrix_transpose np.linalg.matrix_transpose np.linalg.diagonal np.moveaxis np.nan_to_num np.permute_dims
    np.ravel np.real np.real_if_close np.reshape np.rollaxis np.rot90 np.squeeze np.swapaxes np.transpose
    np.trim_zeros np.unstack
    """.split())
READ_ONLY = frozenset(("np.broadcast_to",))  # their result cannot be written, although nobody else has it
