"""Functions whose result may share memory with an argument: keeping the result keeps the argument's memory.

>>> "np.transpose" in MAY_ALIAS, "np.exp" in MAY_ALIAS
(True, False)
>>> "np.diagonal" in READ_ONLY, READ_ONLY <= MAY_ALIAS
(True, True)

A test asks NumPy: for every entry of the table whether its result shares memory, and whether it can be written.
"""

from __future__ import annotations

READ_ONLY = frozenset("""
    np.broadcast_to np.broadcast_arrays np.diagonal np.diag np.linalg.diagonal np.imag attr.imag
    """.split())  # their result may be impossible to write (an imaginary part: that of real numbers)
MAY_ALIAS = READ_ONLY | frozenset("""
    attr.T attr.mT attr.real attr.flat unbroadcast split_like max min adgen.stop_gradient astype list
    np.asarray np.asanyarray np.ascontiguousarray np.asfortranarray np.require np.atleast_1d np.atleast_2d
    np.atleast_3d np.conj np.conjugate np.diff np.einsum
    np.expand_dims np.flip np.fliplr np.flipud np.hsplit np.vsplit np.dsplit np.split np.array_split
    np.matrix_transpose np.linalg.matrix_transpose np.moveaxis np.nan_to_num np.permute_dims
    np.ravel np.real np.real_if_close np.reshape np.rollaxis np.rot90 np.squeeze np.swapaxes np.transpose
    np.trim_zeros np.unstack
    """.split())
NEVER_SHARED = frozenset((("unbroadcast", "like"),))  # of these arguments only shape and dtype are read
