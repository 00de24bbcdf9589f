"""The texts of the functions that generated modules define for themselves for derivatives in linear algebra.

>>> sorted(MATRICES)
['_cofactors', '_cofactors_dot', '_cofactors_second', '_reduced']
"""

from __future__ import annotations

_COFACTORS = '''
def _cofactors(a):
    """The derivative of det(a): det(a) * inv(a).T, by singular values where that is not accurate."""
    det = np.linalg.det(a)[..., None, None]
    if np.all(det):
        inverse = np.linalg.inv(a)
        if np.max(np.abs(a), initial=0.0) * np.max(np.abs(inverse), initial=0.0) < 1e5:
            return det * np.swapaxes(inverse, -1, -2)
    u, s, v = np.linalg.svd(a)
    others = np.prod(np.where(np.eye(s.shape[-1]), 1.0, s[..., None, :]), axis=-1)
    return np.linalg.det(u @ v)[..., None, None] * np.conj(u * others[..., None, :] @ v)
'''

_COFACTORS_DOT = '''
def _cofactors_dot(a, d):
    """The derivative of _cofactors(a) in the direction d."""
    det = np.linalg.det(a)[..., None, None]
    if np.all(det):
        x = np.swapaxes(np.linalg.inv(a), -1, -2)
        if np.max(np.abs(a), initial=0.0) * np.max(np.abs(x), initial=0.0) < 1e3:
            inner = np.sum(x * d, axis=(-2, -1), keepdims=True)
            return det * (inner * x - x @ np.swapaxes(d, -1, -2) @ x)
    u, s, v = np.linalg.svd(a)
    u, v, eye = np.conj(u), np.conj(v), np.eye(s.shape[-1], dtype=s.dtype)
    m = np.swapaxes(np.swapaxes(u, -1, -2) @ d @ np.swapaxes(v, -1, -2), -1, -2)
    others = np.prod(np.where(eye[:, None] + eye, 1.0, s[..., None, None, :]), axis=-1) * (1.0 - eye)
    inner = others @ np.diagonal(m, axis1=-2, axis2=-1)[..., None] * eye
    return np.conj(np.linalg.det(u @ v))[..., None, None] * (u @ (inner - others * m) @ v)
'''

_COFACTORS_SECOND = '''
def _cofactors_second(a, d, e):
    """The second derivative of _cofactors(a) in the directions d and e, symmetric in them."""
    u, s, v = np.linalg.svd(a)
    u, v, eye = np.conj(u), np.conj(v), np.eye(s.shape[-1], dtype=s.dtype)
    d, e = (np.swapaxes(u, -1, -2) @ part @ np.swapaxes(v, -1, -2) for part in (d, e))
    out = eye[:, None, None] + eye[:, None] + eye  # of the product of the singular values: i, j, k
    apart = (1.0 - eye[:, :, None]) * (1.0 - eye[:, None]) * (1.0 - eye)
    others = np.prod(np.where(out, 1.0, s[..., None, None, None, :]), axis=-1) * apart
    pairs = np.einsum("...jj,...kk->...jk", d, e) - d * np.swapaxes(e, -1, -2)
    inner = np.einsum("...ijk,...jk->...i", others, pairs)[..., None] * eye
    for one, two in ((d, e), (e, d)):
        inner = inner - np.einsum("...ijk,...ji,...kk->...ij", others, one, two)
        inner = inner + np.einsum("...ijk,...jk,...ki->...ij", others, one, two)
    return np.conj(np.linalg.det(u @ v))[..., None, None] * (u @ inner @ v)
'''

_REDUCED = '''
def _reduced(x, like):
    """x, where it has the shape of like: columns beyond the singular values are arbitrary, without derivative."""
    if x.shape != like.shape:
        raise ValueError("rows and columns beyond the singular values have no derivative: use full_matrices=False")
    return x.copy()
'''

COFACTORS_COMPILED = '''
def _cofactors(a):
    """The derivative of det(a): det(a) * inv(a).T."""
    return np.linalg.det(a) * np.linalg.inv(a).T
'''

MATRICES = {"_cofactors": _COFACTORS, "_cofactors_dot": _COFACTORS_DOT, "_cofactors_second": _COFACTORS_SECOND}
MATRICES["_reduced"] = _REDUCED
