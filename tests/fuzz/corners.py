"""Corners of the language, as templates: forms that programs use now and then, and some that are refused.

{f} a number, {g} a longer one, {y} a vector that may be written, {x} a vector, {m} a matrix, {xs} a list of numbers,
{i} an integer, {t} a threshold; new names: {a} a number, {u} a vector, {l} a list, {h} a function.  A refused form
must be refused: every one of them is a test that the compiler says no, and does not fail.
"""

from __future__ import annotations

from tests.fuzz.expressions import SIZE

RIGHT = r"""
{a} = {u} = {f}
{a} = +{g}
{u} = +{x} * {f}
{a} = np.sum(np.array({f})[None] * {x}) + np.array({g})[...] * {f}
{u} = {x} % 0.73 + {x} // 0.41 * 0.1
{y}[[0, 1, 1, 2]] += {x}; {u} = {y}[[3, 3, 0, 0]] * {y}[idx]
{u} = {y}[idx] * {y}[idx[::-1]]; {y}[idx[:2]] = {f}
{a} = -(-{f})
{a} = {g} // 0.37 * 0.1 + {f}
{a} = {g} % 0.73
{a} = abs({g}) ** 1.5
{a} = {f}; {a} **= 2
{a} = 2.0 ** {f}
{a} = {f} if {f} > {t} else {g}
{a} = {f} if n else {g}
{a} = {f} if not n else {g}
{a} = {f} * (n > 1) + {g}
{a} = float({g}) + int(n)
{a} = ({f}, {g})[n > 1]
{a} = [{f}, {g}, 0.5][n % 3]
{a} = ({f}, {g}, 0.5)[-1]
{a} = ({f}, {g}, 0.5)[1:][0]
{a} = max({f}, {g}) + min({f}, {g}, 0.41)
{a} = max([{f}, {g}]) + min(({f}, {g}))
{a} = sum(({f}, {g}), 0.3) + sum([{f}, {g}])
{a} = pow({f}, 2) + pow({g}, 3)
{a} = divmod({f}, 0.71)[1]
{a} = round({g}, 3) * 0.0 + {f}
{a} = math.exp(-abs({f})) + math.sqrt(1.3 + {f} ** 2) + math.pi
{a} = math.hypot({f}, 0.7) + math.atan2({f}, 1.3) + math.log(1.7 + {f} ** 2)
{a} = np.float64({f}) * np.pi
{a} = len({x}) * {f} + {x}.shape[0] + {m}.size * 0.01 + {m}.ndim
{a} = {x}.sum() + {x}.mean() + {x}.max() + {x}.dot({x})
{a} = {x}.prod() + {x}.min() + {x}.std() + {x}.var()
{a} = {m}.sum(axis=0).max() + {m}.T.sum() + {m}.mean(axis=1)[0] + {m}.trace()
{a} = {x}.item(1) + {x}[0].item()
{a} = np.dot({x}, {x}[::-1]) + np.vdot({x}, {x}) + np.inner({x}, {x})
{a} = np.linalg.norm({x} + 2.0) + np.linalg.det({m} + 3.0 * np.eye(4)) * 0.01
{a} = np.interp(0.5, np.array([0.0, 1.0]), {x}[:2])
{a} = sum({x}[k] for k in range(4) if k != n)
{a} = sum(p * q for p, q in zip({x}, {x}[::-1]))
{a} = sum(k * q for k, q in enumerate({x}, 1))
{a} = sum(p + q for (p, q) in [({f}, 0.2), (0.3, {g})])
{a} = sum(q for row in {m} for q in row)
{a} = sum({m}[k, k] for k in reversed(range(4)))
{a} = sum(sorted({xs}, key=lambda q: 1)) if False else {f}
{a} = {f} if isinstance({f}, float) and callable(wave) else {f}
{a} = {f} if {x} is not None else {g}
{a} = {f} if n in (1, 2) else {g}
{a} = {f} if 'p' in {{'p': 1}} and n is not None else {g}
{a} = {f} if 0.1 < {f} <= {g} < 3.0 else {g}
{a} = {f} if ({f} > {t}) == ({g} > {t}) else {g}
{a} = {f} if bool(n) or {f} > {t} else {g}
{a} = {f} if any([{f} > {t}, n > 2]) and all((n < 9, True)) else {g}
{a} = {f} if np.all({x} > -9.0) and np.any({x} > {t}) else {g}
{a} = (lambda p, q=2.0, *r, k=0.5: p * q * k)({f})
{a} = (lambda *r: r[0] + r[-1])({f}, {g})
{a} = (lambda **k: k['p'] * 0.3)(p={f})
{h} = [wave, lambda p: p * 0.4]; {a} = {h}[1]({f}) + {h}[0]({g})
{h} = functools.partial(wave, w={f}); {a} = {h}({g})
{a} = functools.reduce(lambda p, q: p * 0.5 + q, {x}, {f})
{a} = functools.reduce(lambda p, q: p * 0.5 + q, [{f}, {g}, 0.4])
{a} = sum(map(lambda p, q: p * q, {x}, {x}[::-1]))
{a} = sum(list(map(wave, [{f}, {g}])))
{a} = operator.mul({f}, {g}) + operator.neg({f})
{a} = getattr(Spring({f}, {g}), 'rate') * 0.5
{a} = replace(Spring({f}, {g}), rate=0.4).force({f})
{a} = Pair({f}, {g})._replace(one={g}).swapped().two
{a} = Pair({f})[0] * Pair(two={f}, one={g}).one
{a} = sum(Pair({f}, {g})) + len(Pair({f}, {g}))
{a} = dict(p={f}, **{{'q': {g}}})['q'] + dict([('p', {f})])['p'] if False else {f}
{a} = {{k: {f} * 2.0 for k in ('p', 'q') if k != 'p'}}['q']
{a} = sum(v * 0.3 for k, v in {{'p': {f}, 'q': {g}}}.items())
{a} = sum({{'p': {f}, 'q': {g}}}[k] for k in ('p', 'q'))
{a} = {f}; {a}: float = {a} * 0.9
{a}, *_ = ({f}, {g}, 0.3)
*_, {a} = [{f}, {g}]
({a}, _), (_, [_]) = ({f}, 0.2), ({g}, [0.1])
[{a}, _] = {f}, {g}
{a} = [{f}, *({g}, 0.2)][-1] + (*[{f}], {g})[0]
{a} = damped(*[{f}, {g}])[0] + damped(p={f}, **{{'scale': 0.3}})[1]
{a} = np.abs((complex({f}, 0.4) if {g} > {t} else {f}) * 1.3)
{a} = np.abs((1j * {f} if {g} > {t} else {x}[1]) + 0.7)
{a} = np.sum((np.ones(4)[2] if {f} > {t} else {x}) * {x})
{u} = {x} * ({x}[1] if {f} > {t} else {x})
{a} = sum({f} ** k * q for k, q in zip(reversed(range(3)), {x}))
{a} = [{f} * k + {g} for k in reversed(range(3))][0]
{l} = [{f}, {g}, 0.3]; {a} = {l}[1:][0] * {l}[:2][1] + sum(q * q for q in {l}[1:][1:])
{h} = [{x} * {f}, {x}]; {h}[1] = {h}[1][1:] * {g}; {a} = np.sum({h}[1] ** 2) + {h}[0][0]
{h} = [{x}, {x} * {f}]; {h}[n % 2] = {h}[1][:2] * {h}[0][1]; {a} = np.sum({h}[0]) * np.sum({h}[1])
{a} = np.sum(np.float32({f})[None] * {x}) * 0.3
{a} = np.sum(np.stack(({m}, {m} * {f}))[1, {m} > {t}])
{a} = np.sum(np.stack(({m}, {m} * {f}), axis=-1)[{m} > {t}, 1] * {g})
{a} = {g}; {a} = 0.3 if any({a} is None for {a} in {xs}) else {a}
{a} = sum(q * q for q in ({f}, {g}, 0.2)[1:])
{a} = np.sum(np.expand_dims({x}, (0,)) * {f} + np.expand_dims({x}, 1) * {g})
{a} = squashed({f}) * {g} + np.sum(squashed({x}))
{a} = list({{k: {f} * (k + 1) for k in reversed(range(3))}}.values())[0]
{a} = {f}; {a} += {a} * {a}
{a} = {f} if f'{{n}}' == '1' else {g}
print(end=''); {a} = {f}
assert n >= 0; {a} = {f}
'a text'; ...; {a} = {f}
pass; {a} = {g}
{a} = ({f} if n > 0 else {g}) if n < 2 else 0.3
{a} = np.max({x}, initial=-9.0) + np.sum({x}, where={x} > {t})
{u} = {x} ** 2 / (1.0 + {x} ** 2)
{u} = -{x} + abs({x}) + ({x} > {t}) * 0.3
{u} = {x}.copy(); {u} **= 2
{u} = {x}.copy(); {u} /= 1.5 + {x} ** 2
{u} = {x}.copy(); {u} //= 0.37
{u} = {x} * 1.0; {u}[1:] -= {u}[:-1].copy()
{u} = np.where({x} > {t}, {x}, -{x}) + np.clip({x}, -0.5, 0.613)
{u} = np.maximum({x}, 0.217) + np.minimum({x}, {x}[::-1]) + np.abs({x})
{u} = np.concatenate([{x}[:2], np.zeros(1), {x}[3:]])
{u} = np.hstack(({x}[:2], {x}[2:])) + np.append({x}[:3], {f})
{u} = np.vstack(({x}, {x}))[0] + np.stack(({x}, {x}), axis=1)[:, 1]
{u} = np.tile({x}[:2], 2) + np.repeat({x}[:2], 2)
{u} = np.flip({x}) + np.roll({x}, n) + np.diff({x}, prepend=0.0) if False else {x} * 0.5
{u} = np.cumprod({x}) + np.cumsum({x})[::-1]
{u} = np.sort({x}) + {x}[np.argsort({x})]
{u} = np.dot({m}, {x}) + {x} @ {m} + np.matmul({m}, {x})
{u} = np.einsum('ij,i->j', {m}, {x}) + np.tensordot({m}, {x}, 1)
{u} = np.linalg.solve({m} * 0.1 + 2.0 * np.eye(4), {x})
{u} = {m}.diagonal() + np.diag({m}) + np.tril({m})[1]
{u} = {m}.reshape(2, 8)[1, ::2] + {m}.ravel()[4:8] + {m}.flatten()[::4]
{u} = {m}.transpose(1, 0)[2] + np.transpose({m})[0] + {m}.swapaxes(0, 1)[1]
{u} = {m}[n % 4] + {m}[:, n % 4] + {m}[..., 0] + {m}[-1, ...]
{u} = {m}[[0, 1, 2, 3], [3, 2, 1, 0]] + {m}[idx, idx] + {m}[idx, 1]
{u} = {m}[np.array([0, 2])].sum(axis=0) + {m}[:, [1, 1]].sum(axis=1)
{u} = {x}[None, :][0] + {x}[:, None][:, 0] + {x}[..., None].sum(axis=-1)
{u} = np.expand_dims({x}, 0)[0] + np.squeeze({x}[:, None]) + np.atleast_2d({x})[0]
{u} = np.array([[{f}, {g}], [0.3, {f}]]).ravel()
{u} = np.array([{f} for _ in range(4)]) + np.array(list({x}))
{u} = np.array([q * q for q in {x} if q > -9.0])
{u} = np.linspace({f}, {g}, 4) + np.arange(4) * 0.1 + np.arange(4.0) * {f}
{u} = np.full_like({x}, {f}) + np.ones_like({x}) * {g}
{u} = np.full((4,), {f}) + np.zeros((4,)) + np.empty_like({x}).size * {x}
{u} = np.asarray({x}) * 1.0 + np.array({x}, dtype=float) + {x}.astype(float)
{u} = {x}.clip(-0.5, 0.613) + {x}.round(2) * 0.0
{u} = np.exp(-{x} ** 2) + np.log1p({x} ** 2) + np.sqrt(1.0 + {x} ** 2) + np.sinh({x} * 0.3)
{u} = np.arctan2({x}, 1.5) + np.hypot({x}, 1.2) + np.logaddexp({x}, 0.3)
{u} = np.outer({x}, {x})[1] + np.kron({x}[:2], {x}[:2])
{u} = np.convolve({x}, np.array([0.3, 0.4]), 'same')
{u} = np.take({x}, [0, 0, 1, 2]) + np.choose([0, 1, 0, 1], [{x}, {x}[::-1]]) if False else {x} + 0.1
{u} = (({x})[1:])[:-1].sum() * {x}
{u} = {x}[1 if n > 1 else 0:][:1] * {x}
{u} = {x}[slice(0, 4)] * {f}
{u} = {x}[:len({x})] * {x}[-len({x}):]
{u} = {x}[idx[idx > 0][:1]].sum() * {x}
{y}[n % 4] = {y}[(n + 1) % 4] = {f}
{y}[0], {a} = {f}, {y}[1]
({y}[1], {y}[2]), {a} = ({f}, {g}), 0.3
{y}[:2] = {f}, {g}
{y}[:] = [{f}, {g}, 0.3, 0.4]
{y}[1:3] = {m}[1, :2]
{y}[...] = {m}[0]
{y}[()] = {x} * 0.5
{y}[[True, False, True, False]] = {f}
{y}[np.array([0, 0, 1])] = {x}[:3] * 0.7
{y}[np.arange(2)] += {f}
{y}[{y} < {t}] = 0.0
{y}[np.abs({y}) > 0.6] *= 0.5
{y}[~({y} > {t})] += {f}
{y}[:n] = {f}
{y}[n:] = {y}[n:] * {f} + {x}[n:]
{y}[-1:0:-1] += {y}[:3] * 0.2
{y}[0] **= 2
{y}[0] %= 0.83
{y}[1] //= 0.37
{y} **= 2
{y}.fill({f}); {y}[1] = {g}
for {a} in {y}: {y}[0] += {a} * 0.1
for {a} in {y}.copy(): {y}[0] += {a} * 0.1
for {a} in [{f}, {g}]: {y}[1] *= {a}
for {a} in ({f}, {g}, 0.2): {y}[n % 4] += {a} * {y}[0]
for _, {a} in zip(range(3), {x}): {y}[_] -= {a}
for _ in range(2): {y} = {y} * 0.9
for _ in range(n): {y}, {u}0 = {y} * 0.5, {y}
for _ in range(3, 0, -1): {y}[_] = {y}[_ - 1] * {f}
for _ in range(0, 4, 2): {y}[_:_ + 2] = {y}[_:_ + 2][::-1] * {f}
for _ in idx: {y}[_] += {y}[_ - 1] * 0.3
for _ in 'ab': {y}[0] += 0.1 if _ == 'a' else {f}
for _ in {{'p': 1, 'q': 2}}: {y}[1] += {f}
for {a} in {m}[1]: {y}[2] += {a} * {f}
for {a} in np.nditer({x}) if False else {x}: {y}[3] *= {a}
{l} = list({xs}); {l}.append({f})
{l} = {xs}[:]; {l}.insert(1, {f})
{l} = {xs} + [{f}]
{l} = [{f}] + {xs}[1:] + [{g}]
{l} = {xs}.copy(); {l}[0] = {f}
{l} = [q for q in {xs}]; {l}.extend([{f}, {g}])
{l} = [*{xs}, {f}]
{l} = [{f}] * 3; {l}[1] += {g}
{l} = [0.0] * 4; {l}[n % 4] = {f}
{l} = [0.0 for _ in range(4)]; {l}[1] = {l}[0] + {f}
{l} = list(range(3)); {l} = [{f} * q for q in {l}]
{l} = [{f}, {g}]; {l}.reverse()
{l} = [{f}, {g}]; {a} = {l}.pop(0)
{l} = [{f}, {g}, 0.3]; del {l}[0]
{l} = [{f}, {g}]; {l} += {xs}
{l} = [[{f}, {g}], [0.2, {f}]][n % 2]
{l} = [p for q in [[{f}], [{g}]] for p in q]
{l} = [{f}, {g}]; {a}, _ = {l}
{l} = sorted({xs}) if False else {xs}[::-1]
{l} = [{f}]; {l}.clear() if False else None
{l} = list(map(wave, {x}))
{l} = [k + q for k, q in enumerate({x})]
{l} = list(zip({x}, {x}))[0]
""".strip().splitlines()
REFUSED = r"""
{a} = eval('1.0') * {f}
{a} = {f}; exec('pass')
{a} = unknown_name * {f}
{a} = {f}.conjugated
{a} = {x}.unknown
{a} = {x}.unknown()
{a} = np.unknown({x})
{a} = wave()
{a} = wave({f}, 1.0, 2.0)
{a} = wave({f}, unknown=1.0)
{a} = damped({f}, p=0.3)[0]
{a} = {f}(3)
{a} = {x}['p'] + {f}
{a} = {m}[0, 1, 2] + {f}
{a} = {{'p': {f}}}['q']
{a} = {{'p': {f}}}[n]
{a} = len({f})
{a} = sum({f})
{a} = max({f}, key=wave)
{a} = range(0.5)
{a} = [q for q in {f}]
{a} = zip({x}, {f})
{a} = getattr({f}, n)
{a} = isinstance({f}, unknown_name)
{a} = (q for q in {x})
{a} = {f} @ {g}
{a} = 'text' + {f}
{a} = not_there.value * {f}
{a} = Spring({f}, 0.1, 0.2).rate
{a} = Spring(unknown={f}).rate
{a} = Spring({f}).unknown
{a} = {f}; {a}.value = 2.0
{a}, {u} = {f}
{a}, {u}, {l} = ({f}, {g})
{a} = [] ; {a}.unknown({f})
{a} = round({x}, n)
{a} = {f} if {x} else {g}
{a} = {f} if {x} > 0 else {g}
{a} = 1 if {x} == 'a' else {g}
{y}['p'] = {f}
{y}[0.5] = {f}
{y}.shape = (2, 2)
{y}[0][0] = {f}
{f} = {f}
lambda: (yield)
import os
import numpy as other; {a} = other.sin({f})
from math import sin; {a} = sin({f})
global {h}
del {y}[0]
raise ValueError('no')
assert {y}
for {a} in {f}: pass
for {a} in wave: pass
for {a}, {u} in {x}: pass
for {y}[0] in {x}: pass
while {x}: pass
with open('f') as {h}: pass
class {h}: pass
async def {h}(): pass
def {h}(): yield 1.0
def {h}(): nonlocal a; a = 2.0
try: {a} = {f}\nexcept ValueError: {a} = {g}
{h} = collections.defaultdict(float, p={f})\ntry: {a} = {h}['q'] + {f}\nexcept KeyError: {a} = {g} + 3.0
{a} = {xs}.index({f}) + {xs}.count({f})
{xs}.remove({f})
{xs}.sort()
{a} = set([{f}, {g}])
{a} = {{{f}, {g}}}
{a} = {{n: {f}}}
{a} = {{k: {f} for k in {x}}}
{a} = f'{{{f}}}'
{a} = type({f})
{a} = id({f})
{a} = input()
{a} = dict({f})
{a} = tuple({f})
{a} = enumerate({f})
{a} = reversed(zip({x}, {x}))
{a} = functools.reduce(wave)
{a} = functools.partial()
{a} = sum(map(wave))
{a} = {x}.astype()
{a} = {x}.astype(n)
{a} = adgen.grad({f})({g})
{a} = adgen.grad(wave, argnums=n)({g})
{a} = adgen.hessian(wave)({x})
{u} = np.reshape({x}, (2, 2), order='F')[0]
{u} = {x}[{f}:]
{u} = {m} @ {x}[:3]
{u} = np.concatenate({f})
{u} = {x} + {x}[:3]
{a} = {f} if {x} is {y} else {g}
{a} = {f} if ({f}, 1) == ({g}, 1) else {g}
{a} = type(n) is int and {f}
{a} = (q * {f} for q in {x}); {u} = sum({a})
{a} = map(wave, {x}); {u} = sum({a})
{a} = range(3); {u} = {a}[n % 3] * {f}
{a} = np.sum(Spring({f}))
{h} = (lambda p: p * {f}) if n > 1 else (lambda p: p + {g}); {a} = {h}(0.3)
for {a} in np.ndindex(3):\n    if {x}[{a}] > {t}:\n        break
{l} = [{y}, {x} * {f}]; {l}[n % 2] *= {f}
{a} = quad(n, 0.0, {f})[0]
{a} = {{'p': {f}}} if {f} > {t} else {{'q': {g}}}
{a} = three(*{xs})
{a} = -Spring({f})
for {a} in [{f}, ({f}, {g})]:\n    if isinstance({a}, tuple): continue\n    {y}[0] += {a}
for {a} in ({f}, ({f}, {g})):\n    {y}[0] += {a}[0] if isinstance({a}, tuple) else {a}\n    if {y}[0] > {t}: break
{a} = half_ruled({f})
{a} = np.sum(mis_ruled({x}))
{a} = mis_ruled({f})
{a} = max([{f}, {g}], [{f}])[0]
{a} = max([[{f}, {g}], [{f}]])[0]
{l} = max([[q * {f}] for q in {x}])
{l} = min(({f}, {g}), ({g}, 0.3))[0]
{h} = [wave, lambda p: p * {f}][n % 2]; {a} = {h}({g})
{h} = {{'p': wave, 'q': damped}}['p' if n > 1 else 'q']; {a} = {h}({g})
match {f}:\n    case 0.5 as {a}: pass
match n:\n    case [1, *_]: pass
match {{'p': n}}:\n    case {{'p': 1}}: pass
match Spring({f}):\n    case Spring(rate=_): pass
{u} = {x}[slice(n, None)] * {f}; {h} = slice(n, None); {a} = np.sum({x}[{h}])
{a} = {f} * range(1, 9)[n]
for {a} in np.ndindex(2, 2):\n    {y}[{a}[0]] *= {f}\nelse: {y}[0] = {g}
{a} = adgen.grad(lambda p: adgen.on_adjoint(p * p, unseen) * p)({f})
""".strip().splitlines()


class Corners:
    """Draws statements from the templates; needs the methods of the other parts."""

    def corner(self, s):
        """One right form."""
        return self.filled_in(s, self.pick(RIGHT), "corner")

    def strange(self, s):
        """One form that is refused, or nearly."""
        return self.filled_in(s, self.pick(REFUSED), "strange")

    def filled_in(self, s, template, tag):
        """The statements of a template."""
        whole = [v for v in s.of(1) if s.arrays[v] == (SIZE,)]
        writable = [v for v in s.of(1, True) if s.arrays[v] == (SIZE,) and v not in s.frozen]
        lists = [xs for xs in s.kinds["l"] if xs not in s.frozen]
        squares = [m for m in s.of(2) if s.arrays[m] == (SIZE, SIZE)]
        if (
            ("{y}" in template and not writable)
            or ("{xs}" in template and not lists)
            or ("{m}" in template and not squares)
        ):
            return self.assign(s)
        given = {"y": self.pick(writable or ["x"]), "x": self.pick(whole), "m": self.pick(squares or ["m"])}
        given |= {"xs": self.pick(lists or ["ps"]), "t": self.bound(s), "i": self.index(s, SIZE)}
        given |= {"f": self.leaf(s), "g": self.number(s, 1)}
        new = {key: self.fresh(stem) for key, stem in (("a", "a"), ("u", "u"), ("l", "xs"), ("h", "g"))}
        lines = template.format(**given, **new).replace("\\n", "\n").splitlines()
        for key, kind in (("a", "f"), ("l", "l")):
            if f"{{{key}}}" in template and f"for {{{key}}}" not in template:
                s.add(kind, new[key])
        if "{u} =" in template:
            s.array(new["u"], (SIZE,))
        if len(lines) == 1:
            return [self.node(lines[0], tag, *(["loop"] if lines[0].startswith("for") else []))]
        return [self.node("\n".join(lines), tag)]
