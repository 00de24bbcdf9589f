"""The functions of NumPy that people call, each with its keyword forms, as expressions over a pool of arrays.

np.sum(m, axis=(0, -1)) | np.median(t, axis=(0, 2))     one function for a few lines of them, one result for each

`test_forms` differentiates them in both modes.  What is refused, and why, stands in REFUSED.
"""

FORMS = r"""
np.sin(v5, where=k5, out=np.zeros(5)) | np.multiply(v5, q5, where=k5, out=np.ones(5))
np.add(v5, 1.0, dtype=np.float64) | np.add.reduce(m, axis=1, keepdims=True) | np.add.reduce(m, axis=(0, 1))
np.add.reduce(m, axis=1, initial=s) | np.add.reduce(m, axis=0, where=k34) | np.multiply.reduce(m, axis=None)
np.multiply.reduce(m, axis=1, initial=2.0, keepdims=True) | np.maximum.reduce(m, axis=1, initial=0.1, where=k34)
np.minimum.reduce(m, axis=0) | np.logaddexp.reduce(m, axis=1) | np.hypot.reduce(m, axis=0) | np.subtract.reduce(v5)
np.add.accumulate(m, axis=1) | np.multiply.accumulate(m) | np.maximum.accumulate(m, axis=-1) | np.add.outer(v3, m)
np.subtract.outer(v3, v4) | np.divide.outer(v3, q5) | np.power.outer(q5, v3) | np.maximum.outer(v3, v4)
np.add.reduceat(v5, [0, 2, 3]) | np.add.reduceat(m, [0, 2], axis=1) | np.maximum.reduceat(v5, [0, 2])
np.logaddexp.reduce(m, axis=1, initial=s) | np.logaddexp.reduce(m, axis=1, initial=0.3, where=k34)
np.logaddexp.reduce(m, axis=None, where=k34) | np.logaddexp2.reduce(m, axis=(0, 1), initial=s, keepdims=True)
np.hypot.reduce(m, axis=1, initial=s, where=k34) | np.hypot.reduce(m, axis=0, where=k34x, keepdims=True)
np.subtract.reduce(m, axis=1, initial=s) | np.subtract.reduce(m, axis=1, initial=s, where=k34, keepdims=True)
np.divide.reduce(q5) | np.divide.reduce(q5, initial=s) | np.divide.reduce(q5, initial=s, where=k5)
np.divide.reduce(np.exp(m), axis=1) | np.divide.reduce(np.exp(m), axis=0, initial=s, where=k34, keepdims=True)
np.divide.reduce(np.exp(t), axis=(1,)) | np.true_divide.reduce(q5) | np.remainder.reduce(q5) | np.float_power.reduce(q5)
np.mod.reduce(q5) | np.fmod.reduce(v5) | np.copysign.reduce(v5) | np.nextafter.reduce(v5)
np.floor_divide.reduce(q5) * s | np.divide.accumulate(q5) | np.divide.accumulate(np.exp(m), axis=1)
np.divide.accumulate(np.exp(m)) | np.power.accumulate(q5) | np.float_power.accumulate(np.exp(m), axis=-1)
np.arctan2.accumulate(t, axis=1) | np.hypot.accumulate(q5) | np.hypot.accumulate(m, 1) | np.mod.accumulate(q5)
np.fmod.accumulate(v5) | np.copysign.accumulate(v5) | np.nextafter.accumulate(v5)
np.multiply.reduceat(v5, [0, 2, 3]) | np.multiply.reduceat(v5, [3, 1, 2]) | np.multiply.reduceat(m, [0, 2], axis=1)
np.multiply.reduceat(t, [0, 2, 1], axis=1) | np.multiply.reduceat(zeros4, [0, 2]) | np.logaddexp.reduceat(v5, [0, 2, 3])
np.logaddexp2.reduceat(m, [1, 0]) | np.hypot.reduceat(m, [0, 3, 1], axis=-1) | np.subtract.reduceat(v5, [0, 2, 3])
np.divide.reduceat(np.exp(m), [0, 2], axis=1) | np.mod.reduceat(q5, [0, 2]) | np.fmod.reduceat(v5, [0, 3])
np.copysign.reduceat(v5, [0, 3]) | np.minimum.reduceat(m, [0, 2], axis=1) | np.maximum.reduceat(m, [0, 2], axis=0)
np.maximum.reduceat(t, [0, 2, 1], axis=1) | np.fmax.reduceat(v5, [0, 2]) | np.fmin.reduceat(mn, [0, 2], 1)
np.add.reduceat(m, [0, 2], axis=1, dtype=np.float64) | np.multiply.reduceat(v5, np.array([0, 2]), dtype=np.float64)
np.sum(m, axis=(0, -1)) | np.sum(t, axis=(0, -1), keepdims=True) | np.sum(m, axis=0, where=k34, initial=s)
np.sum(m, dtype=np.float64) | m.sum(-1) | m.sum((0, 1)) | np.prod(m, axis=1, where=k34)
np.prod(m, axis=(0, 1), initial=s) | np.prod(zeros4) | np.prod(m, keepdims=True) | np.mean(m, axis=1, where=k34x)
np.mean(m, axis=(0, 1), keepdims=True) | np.average(v5, weights=q5) | np.average(m, axis=1, weights=q4)
np.var(m, axis=0, ddof=1) | np.var(m, axis=1, where=k34x, ddof=1) | np.var(m, axis=1, correction=1)
np.var(m, axis=1, mean=np.mean(m, axis=1, keepdims=True)) | np.std(m, axis=1, ddof=1, keepdims=True)
np.std(m, axis=1, where=k34x) | np.std(m, axis=1, mean=np.mean(m, axis=1, keepdims=True)) | m.var(axis=0) | m.std()
np.median(m) | np.median(m, axis=0) | np.median(m, axis=1, keepdims=True) | np.median(t, axis=(0, 2))
np.quantile(v5, 0.3) | np.quantile(m, [0.2, 0.7], axis=1) | np.quantile(m, 0.3, axis=(0, 1))
np.quantile(v5, 0.3, method="lower") | np.quantile(v5, 0.3, method="higher")
np.quantile(v5, 0.3, method="nearest") | np.quantile(v5, 0.3, method="midpoint")
np.quantile(v5, 0.3, method="inverted_cdf") | np.quantile(v5, 0.3, method="averaged_inverted_cdf")
np.quantile(v5, 0.3, method="closest_observation") | np.quantile(v5, 0.3, method="interpolated_inverted_cdf")
np.quantile(v5, 0.3, method="hazen") | np.quantile(v5, 0.3, method="weibull")
np.quantile(v5, 0.3, method="median_unbiased") | np.quantile(v5, 0.3, method="normal_unbiased")
np.quantile(m, [[0.2, 0.7], [0.4, 0.1]], axis=0) | np.percentile(m, 30.0, axis=1, keepdims=True)
np.percentile(m, [30.0, 60.0], axis=1, method="hazen") | np.nanmedian(mn) | np.nanmedian(mn, axis=1)
np.nanquantile(mn, 0.3, axis=1) | np.nanpercentile(mn, [20.0, 70.0], axis=0) | np.nansum(mn, axis=1)
np.nansum(mn, axis=0, where=k34) | np.nanprod(mn, axis=1) | np.nanmean(mn, axis=0)
np.nanmean(mn, axis=1, where=k34x) | np.nanvar(mn, axis=1, ddof=1) | np.nanstd(mn, axis=1)
np.nanvar(mn, axis=1, where=k34x) | np.nanmax(mn, axis=1) | np.nanmin(mn)
np.nanmax(mn, axis=0, initial=-5.0, where=k34) | np.nancumsum(mn, axis=1) | np.nancumprod(mn, axis=0)
np.min(m, axis=1) | np.max(m, axis=(0, 1)) | np.max(m, axis=1, where=k34, initial=-3.0) | np.amax(m, axis=0)
np.amin(m, keepdims=True) | np.ptp(m, axis=1) | np.ptp(m) | np.ptp(m, axis=0, keepdims=True) | m.max(axis=0)
m.min(1, keepdims=True) | np.cumsum(m) | np.cumsum(m, axis=-1) | np.cumprod(m, axis=0)
np.cumulative_sum(m, axis=1, include_initial=True) | np.cumulative_prod(m, axis=0, include_initial=True)
np.cumulative_sum(v5) | np.cumulative_prod(v5) | np.diff(m, n=2, axis=0) | np.diff(v5, prepend=s)
np.diff(v5, append=[1.0, 2.0]) | np.ediff1d(v5, to_end=[1.0, 2.0], to_begin=s) | np.gradient(v5)
np.gradient(v5, 0.5) | np.gradient(v5, xs5) | np.gradient(v5, edge_order=2) | np.gradient(m, axis=0)
np.gradient(m, 0.5, 0.25)[1] | np.gradient(m, 0.5, axis=(0, 1))[0] | np.trapezoid(v5) | np.trapezoid(v5, xs5)
np.trapezoid(m, dx=0.5, axis=0) | np.interp(v3, xs5, v5) | np.interp(v3, xs5, v5, left=s, right=0.5)
np.interp(v3, xs5, v5, period=2.5) | np.convolve(v5, v3) | np.convolve(v5, v3, "same")
np.convolve(v5, v3, mode="valid") | np.correlate(v5, v3) | np.correlate(v5, v3, "full")
np.correlate(v5, v3, mode="same") | np.cov(m) | np.cov(v5) | np.cov(m, rowvar=False) | np.cov(m, bias=True)
np.cov(m, ddof=0) | np.cov(m, aweights=q4) | np.cov(one14) | np.cov(one41, rowvar=False) | np.corrcoef(m)
np.corrcoef(v5, q5) | np.corrcoef(m, rowvar=False) | np.corrcoef(one14) | np.histogram(xs5, bins=3, weights=v5)[0]
np.histogram(xs5, bins=[0.0, 1.0, 3.0], weights=v5)[0] | np.histogram(xs5, bins=3, weights=q5, density=True)[0]
np.sort(m) | np.sort(m, axis=None) | np.sort(m, axis=0, kind="stable") | m[np.argsort(m[:, 0])]
np.take_along_axis(m, np.argsort(m, axis=1), axis=1) | np.partition(m, 2, axis=1) | np.partition(v5, (1, 3))
v5[np.argmin(v5)] | np.take(m, [0, 2, 2], axis=1) | np.take(v5, [0, 7, -1], mode="wrap")
np.take(v5, [0, 7, 1], mode="clip") | np.take(m, [[0, 1], [2, 3]]) | m.take([1, 1]) | np.choose([0, 1, 1], [v3, p3])
np.choose([0, 3, 1], [v3, p3], mode="wrap") | np.select([v5 > 0.5, v5 < -0.5], [v5 * v5, q5 * v5], default=s)
np.select([v5 > 0.5], [v5 * 2.0]) | np.where(v5 > 0.0, v5, q5) | np.extract(v5 > 0.0, v5)
np.compress([True, False, True], m, axis=0) | np.unique(v5) | np.unique(m) | np.unique(v5, return_index=True)[0]
np.unique(v5, return_inverse=True)[0] | np.unique(v5, return_counts=True)[0]
np.unique(v5, return_index=True, return_inverse=True, return_counts=True)[0] | np.unique_values(v5)
np.unique_counts(v5).values | np.unique_inverse(v5)[0] | np.unique_all(v5).values | np.union1d(v3, p3)
np.setdiff1d(v5, v3) | np.setxor1d(v3, p3) | np.searchsorted(xs5, v3) * v3 | np.digitize(v3, xs5) * v3
np.bincount([0, 1, 1, 2, 0], weights=v5, minlength=5) | np.reshape(m, (2, -1)) | np.reshape(m, -1)
np.reshape(m, (2, 6), order="F") | m.reshape(4, 3) | m.reshape((4, -1), order="F") | np.ravel(m)
np.ravel(m, order="F") | m.flatten() | m.flatten("F") | np.transpose(t, (2, 0, 1)) | np.transpose(t)
np.permute_dims(t, (2, 0, 1)) | np.matrix_transpose(t) | t.transpose(1, 0, 2) | t.mT | m.T | np.swapaxes(t, 0, -1)
np.moveaxis(t, (0, 1), (-1, 0)) | np.rollaxis(t, 2) | np.rollaxis(t, 2, 1) | np.squeeze(one14)
np.squeeze(one14, axis=0) | one41.squeeze(-1) | np.expand_dims(m, (0, -1)) | np.expand_dims(m, 1) | np.atleast_1d(s)
np.atleast_2d(v3) | np.atleast_3d(m) | np.atleast_1d(s, v3)[1] | np.broadcast_to(v4, (3, 4))
np.broadcast_arrays(v4, m)[0] | np.concatenate([m, m], axis=1) | np.concat([v3, v5]) | np.stack([v3, p3], axis=-1)
np.hstack((v3, v5)) | np.vstack((v4, m)) | np.dstack((v3, p3)) | np.column_stack((v3, m))
np.block([[m, m], [m, m]]) | np.block([v3, v5]) | np.split(v5, [2])[1] | np.array_split(v5, 3)[0]
np.hsplit(m, 2)[1] | np.vsplit(m, 3)[1] | np.dsplit(t, 2)[0] | np.unstack(m)[1] | np.unstack(m, axis=1)[2]
np.tile(v3, 2) | np.tile(m, (2, 1, 2)) | np.tile(v3, (2, 2)) | np.repeat(m, 2) | np.repeat(m, 2, axis=1)
np.repeat(v3, [1, 2, 0]) | np.pad(v5, 2) | np.pad(v5, (1, 2), constant_values=s)
np.pad(m, ((1, 2), (0, 1)), constant_values=((1.0, 2.0), (3.0, 4.0))) | np.pad(v5, 2, mode="edge")
np.pad(v5, 2, mode="linear_ramp", end_values=s) | np.pad(v5, 2, mode="linear_ramp") | np.pad(v5, 2, mode="maximum")
np.pad(v5, 2, mode="minimum", stat_length=3) | np.pad(v5, 2, mode="mean") | np.pad(m, 2, mode="mean", stat_length=2)
np.pad(v5, 2, mode="median") | np.pad(v5, 2, mode="reflect") | np.pad(v5, 2, mode="reflect", reflect_type="odd")
np.pad(v5, 7, mode="reflect") | np.pad(v5, 2, mode="symmetric") | np.pad(v5, 7, mode="symmetric")
np.pad(v5, 2, mode="symmetric", reflect_type="odd") | np.pad(v5, 2, mode="wrap") | np.pad(v5, 8, mode="wrap")
np.roll(m, 1) | np.roll(m, (1, -1), axis=(0, 1)) | np.roll(m, 2, axis=1) | np.rot90(m) | np.rot90(m, 2)
np.rot90(t, -1, axes=(1, 2)) | np.flip(m) | np.flip(m, axis=0) | np.flip(t, (0, 2)) | np.fliplr(m) | np.flipud(m)
np.resize(v5, (2, 4)) | np.append(v3, v5) | np.append(m, m, axis=0) | np.insert(v5, [1, 3], [s, 2.0])
np.insert(m, 1, 5.0, axis=1) | np.delete(v5, 1) | np.delete(v5, [0, -1]) | np.delete(m, slice(0, 2), axis=1)
np.delete(m, 1, axis=0) | np.trim_zeros(tz) | np.trim_zeros(tz, "f") | np.trim_zeros(tz, trim="b")
np.meshgrid(v3, v4)[0] | np.meshgrid(v3, v4, indexing="ij")[1] | np.meshgrid(v3, v4, sparse=True)[1]
np.meshgrid(v3, v4, copy=False)[0] * 1.0 | m[np.ix_([0, 2], [1, 3])] | np.indices((3, 4))[0] * m | np.tril(m)
np.triu(m, -1) | np.tril(t, 1) | np.diag(v3) | np.diag(m) | np.diag(v3, 1) | np.diag(m, k=-1)
np.diagonal(t, offset=0, axis1=1, axis2=2) | m.diagonal() | np.diagflat(v3, 1) | np.diagflat(m) | np.trace(m33)
np.trace(t, axis1=1, axis2=2) | m33.trace() | np.kron(v3, v4) | np.kron(m, m33) | np.vander(v3)
np.vander(v3, 4, increasing=True) | np.dot(v3, m) | np.dot(m, v4) | np.dot(t, m.T) | np.dot(s, m) | np.vdot(m, m)
np.inner(m, v4) | np.inner(t, m) | np.outer(v3, m) | np.matmul(m, t, axes=[(0, 1), (2, 1), (1, 2)])
np.matmul(t, t, axes=[(1, 2), (2, 1), (0, 1)]) | np.matmul(m, v3, axes=[(1, 0), (0,), (0,)])
np.matmul(v3, m, axes=[(0,), (0, 1), (0,)]) | np.matmul(v3, p3, axes=[(0,), (0,), ()])
np.matmul(t, v3, axes=[(0, 1), (0,), (1,)]) | np.matmul(m, m, axes=[(0, 1), (1, 0), (1, 0)])
np.matmul(m, v4, dtype=np.float64, casting="same_kind", order="F") | np.vecdot(t, t, axes=[1, 1])
np.vecdot(t, t, axes=[0, 0, 1], keepdims=True) | np.vecdot(t, t, axis=0) | np.vecdot(m, v3, axis=0)
np.vecdot(m, m, keepdims=True) | np.vecdot(t, t, axis=1, keepdims=True) | np.matvec(t, v3, axes=[(2, 1), 0, 1])
np.vecmat(v3, t, axes=[0, (1, 2), 0]) | np.matmul(t, m.T) | m @ v4 | v3 @ m | t @ v4 | np.vecdot(m, v4)
np.vecdot(t, t, axis=1) | np.matvec(t, v4) | np.vecmat(v3, t) | np.linalg.vecdot(m, v4) | np.linalg.matmul(m, m.T)
np.linalg.outer(v3, v4) | np.linalg.tensordot(t, m, axes=((2,), (1,))) | np.linalg.cross(m33, m33 * m33)
np.linalg.matrix_transpose(m) | np.tensordot(t, m, axes=([2, 1], [1, 0])) | np.tensordot(m, v4, 1)
np.tensordot(v3, v4, axes=0) | np.einsum("ij,j->i", m, v4) | np.einsum("ij,j", m, v4) | np.einsum("ij->", m)
np.einsum("ii", m33) | np.einsum("ii->i", m33) | np.einsum("ji", m) | np.einsum("...j,j->...", t, v4)
np.einsum("...ij->...ji", t) | np.einsum("i...->...", t) | np.einsum("ij,ij->i", m, m)
np.einsum(m, [0, 1], v4, [1], [0]) | np.einsum(m, [0, 1], v4, [1]) | np.einsum(m33, [0, 0])
np.einsum(t, [Ellipsis, 1], v4, [1], [Ellipsis]) | np.einsum("i,j,k->ijk", v3, v4, v3)
np.einsum("iij->j", np.stack([m33, m33], 2)) | np.einsum("ij,jk,kl->il", m, m.T, m, optimize=True)
np.einsum("i j , j -> i", m, v4) | np.einsum("ij,kj", m, m) | np.einsum("i,i,i->", v3, v3, p3)
np.einsum("a...,a...->...", t, t) | np.einsum(",ij->ij", s, m) | np.einsum("i->i", v3) | np.einsum("ij->j", m)
np.einsum("...,...", v3, p3) | np.cross(m33, v3) | np.cross(v3, p3) | np.cross(m33, m33 * m33, axis=0)
np.linalg.norm(v5) | np.linalg.norm(v5, 1) | np.linalg.norm(v5, np.inf) | np.linalg.norm(v5, -np.inf)
np.linalg.norm(v5, 3) | np.linalg.norm(v5, 0.5) | np.linalg.norm(v5, -1) | np.linalg.norm(v5, 0) | np.linalg.norm(m)
np.linalg.norm(m, "fro") | np.linalg.norm(m, "nuc") | np.linalg.norm(m, 2) | np.linalg.norm(m, -2)
np.linalg.norm(m, 1) | np.linalg.norm(m, -1) | np.linalg.norm(m, np.inf) | np.linalg.norm(m, axis=0)
np.linalg.norm(m, ord=1, axis=1) | np.linalg.norm(t, axis=(1, 2)) | np.linalg.norm(t, "nuc", axis=(0, 2))
np.linalg.norm(t, 2, axis=(1, 2), keepdims=True) | np.linalg.norm(m, axis=1, keepdims=True)
np.linalg.vector_norm(m) | np.linalg.vector_norm(m, axis=1, ord=3)
np.linalg.vector_norm(t, axis=(0, 1), keepdims=True) | np.linalg.matrix_norm(t)
np.linalg.matrix_norm(m, ord="nuc") | np.linalg.matrix_norm(t, ord=1, keepdims=True) | np.linalg.solve(spd, v3)
np.linalg.solve(spd, m) | np.linalg.solve(spds, m) | np.linalg.solve(spds, spds) | np.linalg.inv(spd)
np.linalg.inv(spds) | np.linalg.pinv(m) | np.linalg.pinv(t) | np.linalg.det(m33) | np.linalg.det(spds)
np.linalg.slogdet(spd)[1] | np.linalg.slogdet(spds).logabsdet | np.linalg.cholesky(spd) | np.linalg.cholesky(spds)
np.linalg.cholesky(spd, upper=True) | np.linalg.qr(tall)[1] | np.linalg.qr(tall)[0] | np.linalg.qr(tall).R
np.linalg.qr(tall, mode="r") | np.linalg.qr(tstack)[0] | np.linalg.svd(m, full_matrices=False)[1]
np.linalg.svd(m, compute_uv=False) | np.linalg.svd(t, compute_uv=False)
np.linalg.svd(m33)[0] ** 2
np.linalg.svd(m, full_matrices=False)[0] ** 2 | np.linalg.svd(t, full_matrices=False).S | np.linalg.svdvals(m)
np.linalg.svdvals(t) | np.linalg.eigvalsh(spd) | np.linalg.eigvalsh(spds) | np.linalg.eigvalsh(spd, "U")
np.linalg.eigh(spd)[0] | np.linalg.eigh(spd, UPLO="U").eigenvalues | np.linalg.eigh(spds)[1] ** 2
np.real(np.linalg.eig(spd)[0]) | np.sum(np.real(np.linalg.eigvals(m33) ** 2)) | np.real(np.linalg.eigvals(spds))
np.linalg.lstsq(tall, v4)[0] | np.linalg.lstsq(tall, v4, rcond=None)[1] | np.linalg.matrix_power(m33, 3)
np.linalg.matrix_power(spds, -2) | np.linalg.matrix_power(m33, 0) | np.linalg.matrix_rank(m) * m
np.linalg.cond(spd) | np.linalg.cond(spd, 1) | np.linalg.cond(spd, "fro") | np.linalg.cond(spds)
np.linalg.cond(spd, -2) | np.linalg.cond(spd, np.inf) | np.linalg.multi_dot([m, m.T, m33, v3])
np.linalg.tensorsolve(ts, m) | np.linalg.tensorinv(ts) | np.linalg.tensorinv(ts, ind=2) | np.abs(np.fft.fft(v5))
np.real(np.fft.fft(m, axis=0)) | np.imag(np.fft.fft(v5, n=8)) | np.imag(np.fft.fft(v5, 3))
np.real(np.fft.fft(v5, norm="ortho")) | np.real(np.fft.ifft(v5, norm="forward")) | np.imag(np.fft.rfft(v5))
np.real(np.fft.rfft(m, n=3, axis=0)) | np.fft.irfft(np.fft.rfft(v5)) | np.fft.irfft(np.fft.rfft(v5), n=5)
np.fft.irfft(v5 + 1j * q5, 6, norm="ortho") | np.fft.hfft(v5 + 1j * q5) | np.real(np.fft.ihfft(v5))
np.real(np.fft.fft2(m)) | np.real(np.fft.ifft2(t, s=(2, 2), axes=(0, 1))) | np.real(np.fft.fftn(t))
np.real(np.fft.fftn(t, axes=(0, 2))) | np.imag(np.fft.rfft2(m)) | np.fft.irfft2(np.fft.rfft2(m), s=(3, 4))
np.imag(np.fft.rfftn(t)) | np.fft.irfftn(np.fft.rfftn(t)) | np.real(np.fft.ifftn(t, norm="ortho"))
np.fft.fftshift(m) | np.fft.ifftshift(v5) | np.fft.fftshift(m, axes=1) | np.polyval(v5, s) | np.polyval(v5, v3)
np.polyfit(xs5, v5, 2) | np.polyfit(xs5, v5, 2, w=q5) | np.polyfit(xs5, v5, 2, full=True)[0]
np.polyfit(xs5, v5, 2, full=True)[1] | np.polyfit(xs5, v5, 2, cov=True)[0] | np.polyfit(xs5, v5, 2, cov=True)[1]
np.polyfit(xs5, v5, 2, cov="unscaled")[1] | np.polyfit(xs5, v5, 2, w=q5, cov=True)[1]
np.polyfit(xs5, np.stack([v5, q5], 1), 2) | np.poly(v3) | np.polyadd(v5, v3) | np.polysub(v5, v3)
np.polymul(v5, v3) | np.polyder(v5) | np.polyder(v5, 2) | np.polyint(v5) | np.polyint(v5, 2)
np.sort(np.real(np.roots(np.poly(np.array([1.0, 2.0, 3.5]) + 0.1 * v3)))) | np.real(v3 + 1j * p3)
np.conj(v3 + 1j * p3).imag | np.angle(v3 + 1j * p3) | np.angle(v3 + 1j * p3, deg=True) | np.abs(v3 + 1j * p3)
np.sinc(v5) | np.i0(v5) | np.heaviside(v5, 0.5) * v5 | np.logaddexp(v5, q5) | np.logaddexp2(v5, q5)
np.hypot(v5, q5) | np.arctan2(v5, q5) | np.copysign(v5, -q5) | np.nextafter(v5, 3.0) | np.fmod(v5, 0.4)
np.fmod(v5, q5) | np.remainder(v5, q5) | np.mod(v5, -q5) | np.divmod(v5, 0.4)[1] | np.divmod(v5, q5)[1]
divmod(s, 0.1)[1] | np.modf(v5)[0] | np.ldexp(v5, 3) | np.frexp(v5)[0] | np.float_power(q5, v5)
np.float_power(v5, 2) | np.cbrt(v5) | np.rint(v5) * v5 | np.nan_to_num(v5) | np.nan_to_num(mn, nan=s)
np.nan_to_num(mn, nan=0.0, posinf=3.0, neginf=-3.0) | np.nan_to_num(v5, copy=True) | v5.astype(np.float64)
v5.astype("f8", copy=False) | np.astype(v5, np.float64) | np.array(v5) | np.asarray(v5) | np.asarray([s, s * 2.0])
np.ascontiguousarray(m.T) | np.asfortranarray(m) | np.require(m, dtype=np.float64) | np.copy(m) | m.copy(order="F")
v5.item(2) | m.item(1, 2) | m.item((1, 2)) | m.item(5) | m.item(-1) | v5.tolist()[1] | s * float(v5[0])
np.lib.stride_tricks.sliding_window_view(v5, 3) | np.lib.stride_tricks.sliding_window_view(m, (2, 2))
np.lib.stride_tricks.sliding_window_view(m, 2, axis=1) | np.lib.stride_tricks.sliding_window_view(m, 2, axis=(0,))
np.lib.stride_tricks.sliding_window_view(m, (2, 3), axis=(1, 1))
np.piecewise(v5, [v5 < 0, v5 >= 0], [lambda z: z * z, lambda z: 2.0 * z]) | np.apply_along_axis(np.sum, 1, m)
np.apply_over_axes(np.sum, t, [0, 2]) | np.clip(v5, -0.5, 0.5) | np.clip(v5, None, 0.5) | np.clip(v5, q5 - 1.0, 1.0)
v5.clip(-0.5, 0.5) | v5.clip(max=0.5) | np.clip(v5, min=-0.5, max=0.5) | np.maximum(v5, 0.0) | np.minimum(v5, q5)
np.fmax(v5, q5) | np.fmin(v5, 0.1) | np.abs(v5) | np.fabs(v5) | np.absolute(v5) | np.sign(v5) * v5 | np.positive(v5)
np.negative(v5) | np.power(q5, 2.5) | np.power(v5, 3) | np.power(2.0, v5) | np.square(v5) | np.sqrt(q5)
np.reciprocal(q5) | np.exp2(v5) | np.expm1(v5) | np.log1p(q5) | np.log2(q5) | np.log10(q5) | np.tan(v5)
np.arcsin(v5 / 3.0) | np.arccosh(q5 + 1.0) | np.arctanh(v5 / 3.0) | np.asin(v5 / 3.0) | np.acos(v5 / 3.0)
np.atan(v5) | np.atan2(v5, q5) | np.acosh(q5 + 1.0) | np.asinh(v5) | np.atanh(v5 / 3.0) | np.pow(q5, v5)
np.deg2rad(v5) | np.rad2deg(v5) | np.degrees(v5) | np.unwrap(v5 * 9.0) | np.unwrap(m * 9.0, axis=0)
np.unwrap(v5 * 9.0, discont=4.0) | np.unwrap(v5 * 9.0, period=3.0) | np.fix(v5) * v5 | np.floor_divide(v5, 0.3) * v5
np.emath.sqrt(v5 + 0j).real | np.flatnonzero(v5) * v5 | np.nonzero(v5)[0] * v5 | np.linspace(s, 2.0, 5)
np.linspace(v3, p3, 4) | np.full((2, 3), s) | np.full_like(m, s) | np.full(3, v3) | np.ones_like(m) * m
np.zeros((2,)) + s | np.tri(3) * m33 | np.fromfunction(lambda i, j: i * s + j, (2, 3)) | np.mean([s, 2.0 * s])
np.r_[v3, s, v5] | np.c_[v3, p3] | np.apply_along_axis(lambda r: r * r, 0, m) | np.vectorize(lambda z: z * z)(v5)
np.asarray_chkfinite(v5) | np.real_if_close(v5) | np.sort_complex(v5 + 0j).real | np.argmax(m, axis=0) * v4
np.count_nonzero(m) * m | np.any(m > 0) * m | np.isclose(m, 0.0) * m | sum(v5) | max(v5) | min(v5) | abs(v5)
round(s, 2) * s | pow(v5, 2) | np.round(v5, 1) * v5 | v5.round(2) * v5 | v5.dot(q5) | m.dot(v4)
m.sum(axis=0).cumsum() | v5.cumprod() | v5.conj() | v5.mean() | v5.prod() | np.repeat(m, [1, 2, 0], 0)
v5.repeat(2) | v5.searchsorted(0.0) * v5 | m.swapaxes(0, 1) | v5.compress([1, 0, 1, 0, 1])
m.nonzero()[0] * 1.0 * s | np.linalg.eigh(spd + 1j * skew)[0] | np.linalg.solve(spd + 1j * skew, v3).real
np.linalg.inv(spd + 1j * skew).imag | np.abs(np.linalg.det(spd + 1j * skew)) | np.linalg.slogdet(spd + 1j * skew)[1]
np.linalg.cholesky(spd + 1j * skew).real | np.linalg.svd(spd + 1j * skew, compute_uv=False)
np.linalg.norm(spd + 1j * skew) | np.linalg.qr(spd + 1j * skew)[1].real | np.average(m, axis=(0, 1))
np.tensordot(m, m) | np.dot(v3, v3) * np.vdot(v3 + 1j * p3, p3).real | np.nanargmax(mn) * s
np.max(np.array([s, 0.2])) | np.array([[s, 1.0], [2.0, s]]) | np.array([v3, p3]) | np.stack((v3, p3)).mean(0)
np.minimum.accumulate(v5) | math.fsum(v5) | math.prod(v5) | math.dist(v3, p3) | np.concatenate((v3, [1.0]))
np.concatenate(([s], v3)) | np.concatenate([v3, [s, 2.0 * s], v5]) | np.concatenate(([s], [s * s]))
np.concatenate((m, [[s, 1.0, 2.0, s]])) | np.concatenate((m, [v4, v4 * 2.0]), axis=0) | np.hstack((v3, [s, 1.0]))
np.hstack((s, v3, [s])) | np.vstack((m, [1.0, s, 2.0, s])) | np.stack((v3, [s, 1.0, s]))
np.column_stack((v3, [s, 1.0, s])) | np.dstack((v3, [s, 1.0, s])) | np.concatenate((v3, (s, 1.0)))
np.concatenate([[x * x for x in v3], v5]) | np.concatenate((v3, [v4[0]])) | np.r_[v3, [s]] | np.append(v3, [s])
np.concatenate((v3, [])) | np.concatenate(([], v3)) | np.concatenate((v3.tolist(), v5))
np.array([v3, [1.0, s, 2.0]]) | np.where(v3 > 0, v3, [1.0, s, 2.0]) | np.maximum(v3, [1.0, s, 2.0])
np.insert(v3, 0, [s, 1.0]) | np.outer(v3, [1.0, s]) | np.convolve(v3, [s, 1.0]) | np.meshgrid(v3, [s, 1.0])[1]
np.broadcast_arrays(m, [s, 1.0, 2.0, 3.0])[1] | np.cross(v3, [s, 0.0, 1.0])
np.select([v3 > 0], [[s, 1.0, 2.0]], v3) | np.choose([0, 1, 0], [v3, [s, 1.0, 2.0]])
np.einsum("i,i->", v3, [1.0, s, 2.0]) | np.kron(v3, [s, 1.0]) | np.polymul(v3, [s, 1.0]) | np.polyadd(v3, [s, 1.0])
np.interp([0.1, s], xs5, v5) | np.dot([1.0, s, 2.0], v3) | [1.0, s, 2.0] @ v3 | v3 + [1.0, s, 2.0]
v3 * (1.0, s, 2.0) | np.linalg.solve(spd, [1.0, s, 2.0]) | np.tensordot(v3, [s, 1.0, 2.0], 1)
np.trapezoid(v3, [0.0, s, 2.0]) | np.average(v3, weights=[1.0, s + 1.0, 2.0]) | np.cov(v3, [1.0, s, 2.0])
np.tile([s, 1.0], 2) | np.repeat([s, 1.0], 2) | np.pad([s, 1.0], 1) | np.roll([s, 1.0, 2.0], 1)
np.diff([s, 1.0, s * s]) | np.cumsum([s, 1.0, s * s]) | np.sort([s, 1.0, s * s]) | np.median([s, 1.0, s * s])
np.diag([s, 1.0]) | np.linalg.norm([s, 1.0]) | np.vander([s, 1.0], 3) | np.fft.irfft([s, 1.0, 2.0])
np.concatenate(([1, 2], v3)) | np.concatenate((v3, [1, 2], v5)) | np.concatenate((v3, (1, 2), v5))
np.stack((v3, [1, 2, 3])) | np.vstack(([1, 2, 3, 4], m)) | np.concatenate((m, [[1, 2, 3, 4]], m))
np.concatenate([[s, 1.0], [2.0, s]]) | np.concatenate([[s, 1.0], [2.0, s, 3.0]])
np.concatenate([np.ravel(m).tolist(), v3]) | np.einsum("i,i->", v3, [1, 2, 3])
np.einsum(v3, [0], [1.0, s, 2.0], [0]) | np.gradient(v3, [0.0, 1.0, 2.5]) | np.meshgrid(v3, [1, 2])[0]
np.select([v3 > 0, v3 < -0.5], [[1, 2, 3], v3], v3 * 2.0)
np.einsum("ij,j->i", m, v4, dtype=np.float64) | np.einsum("ij,j->i", m, v4, order="F", casting="same_kind")
np.einsum("ij,j->i", m, v4, out=np.zeros(3)) | np.einsum("ij,j->i", m, v4, optimize=["einsum_path", (0, 1)])
np.full((2, 3), s, order="F") | np.full((2,), s, float, "C") | np.full(2, s, device="cpu") | np.full(3, v3)
np.full_like(m, s, order="F", subok=False) | np.full_like(m, s, shape=(2, 2)) | np.zeros_like(m, order="F") + m
np.ones_like(m, shape=(2,)) * s | np.zeros((2, 3), order="F") + s | np.ones((2, 3), order="C") + s
np.empty_like(m, order="K") * 0.0 + m | np.empty((2, 2), order="F") * 0.0 + s | np.eye(3, order="F") * s
np.array(m, order="F", subok=True) | np.asarray(m, order="F") | np.copy(m, order="F", subok=False)
np.array(m, ndmin=3) | np.array([s, s * s], ndmin=2) | np.array([v3, p3], ndmin=3) | np.array(s, ndmin=1)
np.array([v3, p3], ndmin=1) | np.asanyarray(m, order="C") | np.asarray(m, copy=True) | np.zeros_like(m, float, "C") + m
np.asarray_chkfinite(m, order="F") | np.astype(m, float, copy=False) | np.unique(m, axis=0) | np.unique(m, axis=1)
np.unique(t, axis=-1) | np.unique(v5, axis=0) | np.unique(m, axis=0, return_index=True)[0]
np.unique(m, axis=1, return_index=True, return_inverse=True, return_counts=True)[0] | np.unique(v5, equal_nan=False)
np.unique(np.concatenate((m, m)), axis=0) | np.unique(np.concatenate((m, m[:1])), axis=0)
np.choose(k5, [v5, q5]) | np.choose(k5, [v5, q5], mode="clip") | np.choose(v5 > 0, (v5, q5), mode="wrap")
np.choose([True, False, True], [v3, p3]) | np.choose(v3 > 0, m[:2, :3]) | np.choose([0, 5, -1], [v3, p3], mode="clip")
np.choose([0, 1, 1], [v3, p3], out=np.zeros(3)) | np.polymul(v5[:0], v3) | np.polymul(v3, v5[:0])
np.polymul([0.0, 0.0], v3) | np.polymul(tz, v3) | np.linalg.norm(v5[:0], np.inf) | np.linalg.norm(m[:0], np.inf)
np.linalg.norm(m[:, :0], 1) | np.linalg.norm(m[:0], np.inf, axis=1) | np.linalg.vector_norm(v5[:0], ord=np.inf)
np.take(v5, []) | np.take(m, [], axis=1) | np.interp(v3, xs5, v5, period=-2.5) | np.interp(v3, xs5, v5, period=s)
np.interp(v3, xs5, v5, period=-s)
np.quantile(m, 0.3, axis=1, weights=q4, method="inverted_cdf")
np.quantile(m, [0.3, 0.6], axis=1, weights=np.exp(m), method="inverted_cdf", keepdims=True)
np.nanquantile(mn, 0.3, axis=1, weights=np.exp(m), method="inverted_cdf") | np.median(m, overwrite_input=False)
np.setdiff1d(v5, q5, assume_unique=True) | np.searchsorted(xs5, v3, sorter=np.arange(5)) * v3
np.isin(v5, [0.5, 2.0], invert=True) * v5 | np.trapezoid(v5, xs5, s) | np.cov(m, m, rowvar=False) | np.cov(v5, v5)
np.cov(q5, q5, aweights=q5) | np.corrcoef(m, m) | np.histogram_bin_edges(v5, bins=4, range=(-2.0, s))
np.histogram(v5, 3, (-2.0, 1.0 + s), weights=q5)[1] | np.histogram(v5, 3, (-2.0 - s, 2.0 + s), density=True)
np.histogram(v5, 3, [s - 3.0, 2.0 + s], weights=q5, density=True)[0]
np.histogram(v5, 3, np.array([s - 3.0, 2.0 + s]), density=True)[0] | np.interp(v5, xs5, v5, period=3.0)
"""
FORMS += """np.add.outer(v3, m, dtype=float) | np.divide.outer(v3, q4, order="F", casting="same_kind")
np.power.outer(q4, v3, dtype=np.float64, subok=False) | np.greater.outer(v3, v4, dtype=bool) * s
np.pad(m, 1, mode="mean", stat_length=((1, 2), (2, 1)))
np.pad(m, 1, mode="maximum", stat_length=((1, 2), (2, 3)))
np.pad(m, 1, mode="minimum", stat_length=((1, 2), (3, 1))) | np.pad(m, 1, mode="median", stat_length=((1, 2), (3, 1)))
np.concatenate((v3, v4), dtype=np.float64, casting="same_kind") | np.hstack((v3, v4), dtype=float)
np.vstack((v3, p3), dtype=float, casting="same_kind") | np.broadcast_to(v4, (3, 4), subok=False)
np.polyint(v5, m=2, k=[1.0, 2.0]) | np.polyint(v5, 1, s) | np.polyint(v5, 2, [s, 2.0]) | np.polyint(v5, 3, v3)
np.polyint(v5, 3, s) | np.polyint(v5, 1, [s]) | np.polyint(v5, 2, None)
"""
FORMS += """np.polynomial.polynomial.polyint(m, k=s) | np.polynomial.legendre.legint(m, 2, [s, 1.0], axis=1)
np.floor(v5 * 3.0, out=np.zeros(5)) * s | np.rint(v5, dtype=np.float64) * s
np.sign(v5, casting='same_kind', order='K') * s | np.trunc(v5, where=k5, out=v5 * 2.0) | np.ceil(v5, v5 * 2.0) * s
np.conj(v5, where=k5, out=np.ones(5)) | np.conj(v5, dtype=np.float64) | np.logaddexp(v3, p3, dtype=np.float64)
np.logaddexp(0.0, v3, casting='same_kind') | np.heaviside.accumulate(v5) | np.heaviside.reduce(v5[:1])
np.heaviside.reduceat(v5, [0, 1, 3]) | np.floor_divide.accumulate(q5) | np.floor_divide.reduceat(q5, [0, 1, 3])
np.floor_divide.reduce(q5[:1]) | np.floor_divide.reduce(q5, initial=s)
np.modf(v5 * 3.0, out=(np.zeros(5), np.ones(5)))[0] | np.modf(v5 * 3.0, np.zeros(5), np.ones(5))[0]
np.divmod(v5, q5, out=(None, np.zeros(5)))[1] | np.frexp(q5, out=(np.zeros(5), np.zeros(5, np.int32)))[0]
np.size(m, 0) * s | np.size(m, axis=1) * s | np.reshape(m, shape=(2, 6), copy=None)
np.round(v5 * 10.0, 0, np.zeros(5)) * s | np.fix(v5 * 3.0, out=np.zeros(5)) * s | v5.round(1, out=np.zeros(5)) * s
m[np.unravel_index([3, 7], (3, 4), order='F')] | v5[np.argpartition(v5, 2, kind='introselect')]
np.linalg.matrix_rank(m, rtol=1e-3) * s | np.real(val=v5) | np.imag(val=v5 * 1j) | np.poly(seq_of_zeros=v3)
np.polyadd(a1=v3, a2=v5) | np.polysub(a1=v3, a2=v5) | np.polymul(a1=v3, a2=v5) | np.add.reduce(array=v5)
np.multiply.accumulate(array=v5, axis=0) | np.sum(m, 1, None, np.zeros(3)) | np.prod(m, 1, None, np.zeros(3))
np.var(m, 1, None, np.zeros(3)) | np.max(m, 0, np.zeros(4)) | np.percentile(m, 30.0, 0, np.zeros(4))
np.take(v5, [0, 3], 0, np.zeros(2)) | np.cumsum(v5, 0, None, np.zeros(5)) | np.concatenate((v3, v4), 0, np.zeros(7))
"""
# `#` is the prefix of a basis in the names of its functions
OF_EACH_BASIS = """#val(v3, v4, tensor=False) | #der(v5, 1, scl=2.0) | #der(m, m=2, axis=1) | #int(v5, 1, k=[0.5])
#int(v5, m=2, k=[0.5, s], lbnd=0.3, scl=1.5) | #int(m, axis=-1) | #int(v5, k=s) | #int(v5, 3, v3)
#pow(v3, 3, maxpower=12) | #add(c1=v3, c2=v5) | #mul(c1=v3, c2=v5) | #fromroots(roots=v3) | poly2#(pol=v4)
"""
BASES = {
    "polynomial": "poly",
    "chebyshev": "cheb",
    "hermite": "herm",
    "hermite_e": "herme",
    "laguerre": "lag",
    "legendre": "leg",
}
for _basis, _prefix in BASES.items():
    for _form in OF_EACH_BASIS.replace("\n", " | ").split(" | "):
        if _form and (_basis != "polynomial" or "poly2#" not in _form):
            FORMS += f"np.polynomial.{_basis}.{_form.replace('#', _prefix)}\n"
METHODS = """
lower higher nearest midpoint inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen
weibull median_unbiased normal_unbiased
""".split()
for _method in METHODS:
    FORMS += (
        f"np.quantile(m, s, axis=0, method='{_method}') | np.percentile(m, [s, 41.0], axis=1, method='{_method}')\n"
    )
    FORMS += (
        f"np.nanquantile(mn, q3 * 0.24, 1, method='{_method}') | np.nanpercentile(mn, 37 + s, method='{_method}')\n"
    )

# the expression, and what the refusal says
REFUSED = [
    ("np.pad(v5, 2, mode='empty')", "mode 'empty'"),
    ("np.linalg.qr(tall, mode='complete')[1]", "mode='complete'"),
    ("np.linalg.qr(tall, mode='raw')[0]", "mode='raw'"),
    ("np.unique(m, sorted=False)", "whose order is not told"),
    ("m.ravel(order='K')", "in the order of memory"),
    ("np.median(v5, overwrite_input=True)", "writes into its argument"),
    ("np.histogram2d(v3, p3, 2, [[-3.0, s + 3.0], [0.0, 9.0]], weights=q3)[0]", "by its edges"),
    ("np.poly(spd)", "a line"),
    ("np.polymul(v3, 2.0)", "a line"),
    ("np.convolve(v3, s)", "not lines"),
    ("np.reshape(m, (2, 6), copy=True)", "a view no longer"),
    ("np.polynomial.polynomial.polyder(v5, 1, s)", "by its bound or scale"),
    ("np.polynomial.polynomial.polyint(v5, lbnd=s)", "by its bound or scale"),
    ("np.power.reduce(q5)", "leaves out elements on some machines"),
    ("np.arctan2.reduceat(q5, [0, 2])", "leaves out elements on some machines"),
    ("np.divide.reduce(m, axis=())", "over other than one axis"),
    ("np.histogram2d(v3, p3, bins=2, weights=q3)[0]", "data that decide"),
    ("np.frompyfunc(abs, 1, 1)(v3)", "it calls a function that it is given"),
]
REFUSED_IN_REVERSE = [("np.polynomial.polynomial.polyint(m, k=[v4])", "by constants for each line")]
