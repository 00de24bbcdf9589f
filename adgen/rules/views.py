"""Functions whose result may share memory with an argument: keeping the result keeps the argument's memory.

>>> "np.transpose" in MAY_ALIAS, "np.exp" in MAY_ALIAS
(True, False)
"""

from __future__ import annotations

MAY_ALIAS = frozenset("""
    attr.T attr.real attr.imag astype np.asarray np.ascontiguousarray np.atleast_1d np.atleast_2d np.atleast_3d
    np.broadcast_arrays np.broadcast_to np.diag np.diagonal np.expand_dims np.flip np.fliplr np.flipud np.moveaxis
    np.ravel np.real np.imag np.reshape np.rollaxis np.rot90 np.split np.array_split np.squeeze np.swapaxes
    np.transpose np.conj np.conjugate np.where np.real_if_close np.nan_to_num np.ravel np.matrix_transpose
    np.linalg.matrix_transpose adgen.stop_gradient pos
    """.split())
