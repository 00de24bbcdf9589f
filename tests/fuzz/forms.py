"""Templates for `scenes.py`: statements and expressions that few programs have, and the tools of `tools.py`."""

STATEMENTS = """
## forms
$a: float = $g
$y[0]: float = $a * $f

$a, *$r, $b = $f, $g, 0.3, 0.2
$b = $b + sum($r) * $f

*$r, $a = $x
$b = sum($r) * $f

$a, *$r = $xs
$b = len($r) * $f

$a, $b, *$r = $y * $f
$b *= sum($r) + 0.1

($a, $b), *$r = [($f, $g), (0.2, 0.3)]
$a += $r[0][1] * $f

$a, $b, $r, _ = $x
$a = $a * $b * $r

[$a, $b, _, _] = $y
$a = $a * $b

$a, $b = {'p': $f, 'q': $g}
$a = $f if $a == 'p' else $g

$a, $b = (q * $f for q in $x[:2])

$a, $b = zip(($f, $g), (0.3, $f))
$a = $a[0] * $b[1]

$a, $b = map(wave, ($f, $g))

$a = $b = $f
$a += $b

$r = [$f, $g]
$r[0], $r[1] = $r[1], $r[0]
($a, $b) = $r

$a = $f
del $a
$a = $g

$r = Switch()
$r.gain = $f
del $r.gain
$a = $r.gain * $f

import math as own
$a = own.sin($f)

from math import cos, sin as own
$a = own($f) * cos($g)

if n > 90:
    raise ValueError(f'{n} is too much', n)
$a = $f

if $f > 90.0:
    raise ValueError
$a = $f

for $k in range(n):
    if $y[$k] > 90.0:
        raise ArithmeticError(f'{$k}: {$y[$k]:.2f}')
    $y[$k] *= $f

assert n < 90, f'{n} is too much'
$a = $f

assert $f < 90.0 and n < 90, 'too much'
$a = $f

print(n, $f, f'{n}', sep=',', end='', file=None) if n > 90 else None
$a = $f

if n > 90:
    print(n, $f, f'{$f:.3f}', 'text', sep=',', end='')
$a = $f

$a = $f if n else None
$b = $g if $a is None else $a * $f

$a = 0.3
if $c:
    pass
elif n > 1:
    $a = $f
else:
    ...
$a *= $g

while $f > 90.0:
    $y[0] = 0.0
else:
    $y[0] *= $f

for $k in ():
    $y[0] = $f
else:
    $y[0] *= $g

for $k, ($r, _) in enumerate([($f, 1), ($g, 2)]):
    $y[$k] *= $r

for $k in range(n, 0, -2):
    $y[$k] = $f * $y[$k - 1]

for $k in range(-1, -4, -1):
    $y[$k] *= $f

for $r, $b, $k in zip($x, $y.copy(), range(9)):
    $y[$k] = $r * $b * $f

for $r in map(lambda q: q * $f, $x):
    $y[0] += $r

for $r in filter(lambda q: q > $p, $x):
    $y[0] += $r * $f

for $r in [$f, *$xs, $g]:
    $y[0] += $r * 0.5

for $r in {'p': $f, 'q': $g}.values():
    $y[0] += $r * 0.5

for $k in np.arange(3):
    $y[$k] *= $f

for $k in np.argsort($x):
    $y[$k] += $y[0] * 0.3

for $k in np.ndindex(2, 2):
    $y[$k[0]] *= $f

for $r in $m if False else ($x, $y.copy()):
    $y[0] += $r[1] * $f

with np.errstate(all='ignore') as $h:
    $a = $f

match n:
    case int() as $k if $k > 1:
        $a = $f
    case _:
        $a = $g

match ($f, $g):
    case (float() as $a, $b):
        $a = $a * $b
    case _:
        $a = 0.1

match [$f, $g, 0.3]:
    case [$a, *$r]:
        $a = $a + sum($r)
    case _:
        $a = 0.2

match {'p': $f, 'q': $g}:
    case {'p': $a, **$r}:
        $a = $a * $r['q']

match Curve($f, span=$g):
    case Curve(rate=$a, span=$b):
        $a *= $b

match 'p':
    case 'p' | 'q':
        $a = $f
    case _:
        $a = $g

match (n > 1, n):
    case (True, _):
        $a = $f
    case (False, 0 | 1):
        $a = $g

## expressions
$a = $f if n is not None and not (n is None) else $g

$a = $f if None is None else $g

$a = $f if 'p' in ('p', 'q') and 3 not in [1, 2] else $g

$a = $f if n in {1, 2} else $g

$a = $f if 'p' in {'p': 1} else $g

$a = $f if len({'p': 1}) == 1 and len(($f, $g)) > 1 else $g

$a = $f if isinstance($x, np.ndarray) and $x.ndim == 1 else $g

$a = $f if isinstance(n, int | float) else $g

$a = $f if isinstance($xs, (list, tuple)) and isinstance((1, 2), tuple) else $g

$a = $f if $x.dtype == np.float64 or $x.dtype == np.float32 else $g

$a = $f if $x.shape == $y.shape or $x.shape[0] == 1 else $g

$a = $f if hasattr(Curve($f), 'rate') and not hasattr(Fixed($f), 'rate') else $g

$a = $f if any(isinstance(q, str) for q in $xs) else $g

$a = $f if callable(wave) and not callable(n) else $g

$a = ($f and $g) or 0.3

$a = ($f or $g) * (n or 2) * (n and 0.5)

$a = $f * (not n) + $g * (not ()) + (not {}) * 0.1

$a = -(n - 1) * $f + +n * 0.1 + (~n) * 0.1

$a = (n << 1 | 1 & n ^ 2) * $f * 0.1 + (n >> 1)

$a = n ** 2 * $f * 0.1 + 2 ** n * 0.1 + n // 2 + n % 2 + n / 3

$a = ($f > $p) + ($g > $p) * $f

$a = abs(-$f) + round($f, 2) * 0.0 + int(n * 1.5) * $f + float(n) + bool(n)

$a = complex($f, $g).real * $f + (1j * $f).imag

$a = abs(complex($f, $g)) * $f

$a = $x[-1:][0] * $x[n:n + 1].sum() + $x[1:3:2][0]

$u = $x[slice(1, None)].sum() * $x[np.s_[:]]

$u = $x[..., :] * $x[()] * $f

$u = $x[None][0] * $x[:, None][:, 0] * $f

$u = $x[np.array([True, False, True, True])].sum() * $y

$u = $x[[True, False, True, True]].sum() * $y

$u = $x[[0, 1, 2, 3]] * $x[(0, 3),].sum()

$u = np.where($x > $p)[0].sum() * $y * 0.1

$u = $x * [$f, $g, 0.3, 0.4]

$u = ($f, $g, 0.3, 0.4) - $x

$u = $x + np.array([1, 2, 3, 4]) * $f

$u = np.sqrt([$f + 3.0, $g + 3.0, 2.0, 3.0]) * $f

$a = np.sum([$f, $g]) + np.mean(($f, $g)) + np.max($xs)

$a = np.dot([$f, $g], $x[:2])

$a = np.sum(np.c_[$x, $y] ** 2 * $f)

$y = np.r_[$x[1:], $f] * 1.0

$a = np.sum(np.mgrid[0:4, 0:2][0] * $x[:2])

$u = $x.astype(np.float32).astype(float) * $f if False else $x * $f

$u = $x.astype('f8') * np.float64($f)

$u = np.zeros_like($x, dtype=float) + np.asarray($xs)[0] * $f

$u = np.full(4, $f) + np.arange(n, n + 4) * $g

$l = [$f] + [$g] * 2 + list(($f, 0.3))

$l = $xs + $xs[:1]

$l = [$f, $g] * n + [0.3]

$l = list($xs) + [0.3] * n + [$f]

$r = ($f, $g) + (0.3,) * 2
$a = $r[n] + $r[-1]

$r = ($f,) * 3
$a = sum($r)

$r = [[$f] * 2 for _ in range(2)]
$a = $r[n % 2][1]

$a = [$f, $g, 0.5][n % 3] + ($f, 0.2)[n % 2]

$a = {'p': $f, 'q': $g}['pq'[n % 2]]

$a = (lambda p, *, q: p * q)($f, q=$g)

$a = (lambda p, q=$f: p * q)($g)

$a = (lambda: $f)() + (lambda *p, **q: p[0] + q['r'])($f, r=$g)

$r = ($y, $x)[n % 2] * 1.0
$a = np.sum($r)

$r = ($y, $w)[n % 2]
$r[0] *= $f

$r = [$y, $w][n % 2]
$r[0] = $f

$r = $y if n > 1 else $w
$r[1:] += $f

$r = ($y, $f) if $c else ($w, $g)
$r[0][0] *= $f
$a = $r[1]

$r = $y
if $c:
    if n > 1:
        $r = $w
    else:
        $r = $y[::-1]
$r[0] = $f

$a = sum(q * $f for q in ($f, $g)) + sum((q for q in $xs), 0.1)

$a = sum([q for r in ($x, $y) for q in r if q > $p]) * $f

$a = max(q * $f for q in $x) + min(($f, $g, 0.3))

$a = $f if any($x > $p) else $g

$a = $f if all([q > -9.0 for q in $x]) and any(q > 9.0 or n for q in $xs) else $g

$a = $f if any(k == n for k in range(3)) else $g

$a = $f if all((n > 0, n < 9)) and not any([]) else $g

$a = sum(k * $f for k in range(n)) + sum(range(n)) * 0.1

$a = len([q for q in $x if q > $p]) * $f

$a = sum(p * q for p, q in zip($x, reversed($x))) + sum(q for _, q in enumerate($xs))

$a = sum(x2 * $f for x2 in map(lambda q: q * q, $x))

$l = [q if q > $p else (b2 := q * $f) for q in $x]

$l = [p * q for p in ($f, $g) for q in ($f, 0.3)]

$l = [k * $f for k in range(4) if k % 2 == n % 2]
$l.append($f)

$l = [v * $f for k, v in {'p': $f, 'q': $g}.items() if k == 'p']

$l = [q for q in ($f, $g) if isinstance(q, float)] + [0.3]

$a = functools.reduce(lambda p, q: p * 0.5 + q, $xs)

$a = functools.reduce(lambda p, q: p * 0.5 + q, ($f, $g, 0.2), 0.3)

$a = functools.reduce(lambda p, q: p * 0.5 + q, $x[1:])

$a = sum(map(lambda p, q: p * q, ($f, $g), (0.3, 0.4)))
"""

OBJECTS = """
## objects with operators
$r = Curve($f) + Curve($g)
$a = $r.rate * $r.knots[0]

$r = 0.5 * Curve($f) * $g
$a = (-$r).rate * $r.span

$r = Curve($f)
$r += $g
$a = $r.rate

$r = Curve($f)
$a = $r.grown($g) + $r.grown($f) * len($r)

$a = $f if Curve($f) < Curve($g) else $g

$a = $f if $p in Curve($f) else $g

$a = $f if $p not in Curve($f) else $g

$r = Curve($f)
$r.rate *= $g
$r.named['p'] = $f
$r.knots.append($g)
$a = $r.rate + $r.named['p'] * $r.knots[0]

$r = [Curve($f), Curve($g)]
$r[0].rate *= $f
$a = sum(q.rate for q in $r)

$r = Ramp($f)
$a = $r.middle * $r.high

$r = Ramp($f, $g)
$r.middle *= $f
$a = $r.middle

$a = Fixed($f).value() + replace(Fixed($f), q=$g).value()

$r = Row($f, $g, 0.3)
$r[0] = $f * 0.5
$r[1] += $g
$a = $r[0] * $r[1]

$r = Row($f, $g)
$a = $r(0.5) + $r(0.3, q=$f)

$r = Row($f, $g, 0.3)
del $r[0]
$a = $r[0]

$r = Wide($f, $g)
$a = $r.both + $r[1] + Wide.of($g).both

$r = Row.of($f)
$a = $r[0] + $r[1] * Row.share

$r = Switch()
$a = $r.set($f) + $r.gain

$r = Switch()
if $c:
    $r.gain = $f
$a = $r.gain * $g

$r = Switch()
for $k in range(n):
    $r.gain = $r.gain * $f
$a = $r.gain

$r = Log()
$r.level = $f
$a = $r.level * Log.level

$r = Pair($f, $g)
$a = sum($r._asdict().values()) + $r._replace(two=$f).two

$r = Spring($f)
setattr($r, 'rest', $g)
$a = getattr($r, 'rest') * getattr($r, 'rate')

$r = State($y, {'p': $f})
$r.vel['p'] *= $g
$r.pos[0] *= $r.vel['p']
$a = $r.vel['p']

$r = {'s': Spring($f)}
$r['s'].rate *= $g
$a = $r['s'].rate

## generators
$a = 0.0
for $k, $r in spaced($x, $f):
    $a += $r * $k

$a = sum(halves($f, n)) + max(halves($g, 2))

$l = list(halves($f, 2))

$l = [q * $f for q in chained($x, $g)]

$a = sum(chained($xs, $f)) + sum(none_of(n))

$a = sum(q * p for p, (_, q) in zip($x, spaced($x, $f)))

$a = $f
for $r in chained($x, $g):
    if $r > $p:
        break
    $a += $r

def $h(p):
    for k in range(2):
        yield p * k
    yield $f
$a = sum($h($g))

$u = np.array([q for _, q in spaced($x, $f)])

$l = sorted(halves($f, 2))

$a, $b = halves($f, 1)

## module data
$a = globally($f) + softened($g)

$u = gridded($x) * $f

$a = maybe_none($f) + maybe_none($f, $g)

$a = checked(float($f)) * $f

$a = by_kind($x) + by_kind($xs) + by_kind({'p': $f}) + by_kind((float($f), 1)) + by_kind(n)

$a = by_kind(Curve($f)) + by_kind(Fixed($f)) + by_kind(float($g))

$a = by_shape($x) + by_shape(np.outer($x, $y)) + by_shape($x[:1]) + by_shape($x[:3])

$a = positional($f, $g, 0.3, scale=$f, last=$g) + positional($f, *$xs)

$a = three(*$x[:3]) + three($f, *($g, 0.2)) + three(**{'p': $f, 'q': $g, 'r': 0.3})

$a = three(*($f, $g), r=$f) + three(*[$f, $g, 0.2])

$l = []
$a = noted($f, $l) + noted($g)
$b = noted($a, log=$l) * $f

$a = stopped($x) * $f if False else $f

$a = slope($f) * $g

$a = adgen.grad(three, argnums=1)($f, $g, 0.3)

$a = sum(adgen.grad(three, argnums=(0, 2))($f, $g, 0.3))

$a = adgen.grad(functools.partial(three, $f))($g, 0.3)

$a = adgen.grad(adgen.grad(softened))($f)

$b, $a = adgen.jvp(three, ($f, $g, 0.3), (0.4, $f, $g))

$a = adgen.grad(math.sin)($f) * $g

$a = adgen.grad(lambda p: globally(p) * p)($f)

$a = adgen.grad(lambda p: sum(halves(p, 2)) ** 2)($f)

$a = np.sum(adgen.jvp(gridded, ($x,), ($y,))[1]) * $f

$a = adgen.grad(by_kind)([$f, $g])[0] * $f

$a = adgen.grad(by_kind)({'p': $f, 'q': $g})['p'] * $f

$h = functools.partial(three, $f, r=$g)
$a = $h(0.4) + functools.partial($h, q=$f)()

$h = wave if n > 1 else wave
$a = $h($f)

$r = [wave, softened]
$a = $r[0]($f) + $r[1]($g)

$a = sum(q($f) for q in (wave, softened))

$a = {'p': wave, 'q': softened}['q']($f)

def $h(p, *, q=$f, **more):
    return p * q + more['r']
$a = $h($g, r=$f) + $h($f, q=$g, r=0.2)

def $h(p):
    if p > $p:
        return p * $f, p
    return p, $g
$a, $b = $h($g)

def $h(u):
    if $c:
        return u
    return u * $f
$u = $h($x) * $f

def $h(p, q=None):
    if q is None:
        q = p * 0.5
    return p * q
$a = $h($f) + $h($f, $g)
"""

FORMS = "\n\n".join(part.strip() for part in (STATEMENTS, OBJECTS))
