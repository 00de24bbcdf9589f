"""More templates for `scenes.py`: the standard library, SciPy's integrals and roots, and forms that few programs have.

    ## tools of iteration                 itertools, next, copies, ndindex: what stands for a loop
    ## integral or root                   quad, solve_ivp, newton: functions that call functions
    ## columns                            lists of tuples, dicts and objects, which are read and written part by part

Weights keep each of them to every few hundred programs (`programs.SCENES`).
"""

ITERATION = """
## tools of iteration
$l = list(itertools.accumulate($xs))

$l = list(itertools.accumulate($x, lambda p, q: p * 0.5 + q * $f))

$l = list(itertools.accumulate([$f, $g, 0.3], initial=$f))

for $r, $b in itertools.product($xs, ($f, 0.3)):
    $y[0] += $r * $b * 0.1

$a = sum(p * q for p, q in itertools.product(($f, $g), repeat=2))

$a = sum(p * q for p, q in itertools.zip_longest($xs, [$f], fillvalue=0.3))

$l = list(itertools.repeat($f, 3))

for $r in itertools.repeat($f, times=2):
    $y[0] *= $r

for $r, $b in itertools.pairwise($x):
    $y[0] += $r * $b * $f

for $r in itertools.chain($xs, $x, [$f]):
    $y[0] += $r * 0.2

$l = [q * $f for q in itertools.chain.from_iterable([[$f, $g], [0.3, $f]])]

for $r, $b in itertools.combinations($xs, 2):
    $y[0] += $r * $b * $f

$a = sum(p * q * 0.1 for p, q in itertools.permutations(($f, $g, 0.3), 2))

$l = list(itertools.islice($xs, 2))

$a = sum(itertools.islice($x, 1, None, 2)) * $f

$a = sum(itertools.islice($x, None, n)) * $f

$l = list(itertools.takewhile(lambda q: q < $p + 9.0, $xs))

$a = sum(itertools.starmap(lambda p, q: p * q, [($f, $g), ($g, 0.3)]))

for $k, $r in enumerate(itertools.chain($x[:2], ($f,))):
    $y[$k] *= $r

for $k in itertools.chain(range(2), (3,)):
    $y[$k] *= $f

$a = next(iter($xs)) * $f

$a = next((q * $f for q in $x if q > $p), 0.3)

$a = next((q for q in ($f, $g)), $f) * 0.7

$a = next(q * $f for q in $x if q > -9.0)

$u = copying.copy($x) * $f

$l = copying.copy($xs)
$l.append($f)

$l = copying.deepcopy($xs)
$l[0] = $f

$r = copying.deepcopy([$x * $f, $e])
$r[0][1] *= $g
$a = np.sum($r[0] * $r[1])

$a = copying.copy($f) * copying.deepcopy($g) + copying.copy(n)

$u = copying.deepcopy($y)
$u[0] = $f

for $r in np.ndindex(2, 2):
    $y[$r[0]] *= $f

for $k, $r in np.ndindex(2, 3):
    $y[$k] += $x[$r] * $f

for $r in np.ndindex($x.shape):
    $y[$r] *= $f

$h = np.outer($x, $y)
for $k, $r in np.ndindex(*$h.shape):
    $y[$k] += $x[$r] * $f * 0.1

$r = np.outer($x, $y)
for $k, $b in np.ndindex($r.shape):
    $r[$k, $b] = $r[$k, $b] * $f + 0.1
$a = np.sum($r * $r)

$r = np.outer($x, $y)
for $k, $b in np.ndenumerate($r):
    $y[$k[0]] += $b * $f

$r = np.outer($x, $y)
for ($k, $h), $b in np.ndenumerate($r):
    $y[$k] += $b * $x[$h] * $f

for ($k,), $b in np.ndenumerate($x):
    $y[$k] += $b * $f
$a = $k * $f

for $k, $r in zip(range(3, 0, -1), $x):
    $y[$k] += $r * $f

for $k, $r in zip(range(1, n + 1), $x):
    $y[$k - 1] *= $r

for $k, $r in zip(range(0, 4, n + 1), $x):
    $y[$k] *= $r

for $k, $r in zip(reversed(range(3)), $x):
    $y[$k] += $r * $f

for $k, $r in enumerate(reversed(range(n))):
    $y[$k] += $x[$r] * $f

for $k, $r in enumerate(reversed(range(1, n + 1))):
    $y[$k] += $x[$r - 1] * $f

for $k, $r in enumerate(range(3, -1, -2)):
    $y[$k] += $x[$r] * $f

for $k, $r in enumerate(range(n, -1, -1)):
    $y[$k] += $x[$r] * $f

for $k, $r in enumerate(reversed(range(0, n + 1, 2))):
    $y[$k] += $x[$r] * $f

for $k, $r in enumerate(reversed($x)):
    $y[$k] += $r * $f

for $k, $r in enumerate(($f, $g), 2):
    $y[$k] *= $r

for $k, $r in enumerate($x[:3], start=1):
    $y[$k] += $r * $f

for $k, ($r, $b) in enumerate(zip($x, $xs)):
    $y[$k] += $r * $b * $f

for $k, ($r, $b) in enumerate({'p': $f, 'q': $g}.items()):
    $y[$k] *= $b if $r == 'p' else 0.5

$a = sum(zip()) * $f + $g

$a = sum(len(q) for q in zip($x, $x)) * $f

for $r in (q * $f for q in $x):
    $y[0] += $r

for $r, $b in zip((q * $f for q in $x), $y.copy()):
    $y[0] += $r * $b

for $r in (q * $f for q in $x if q > $p):
    $y[1] += $r

for $r in str(n) + 'p':
    $y[0] *= $f if $r == '1' else 0.9

for $r in Pair($f, $g):
    $y[0] += $r * 0.3

$a = $f
for $r in [Pair($f, $g), Pair($g, $f)]:
    for $b in $r:
        $a += $b * 0.4

for $k in {1: 'p', 2: 'q'}:
    $y[$k] *= $f

for $k in {'p': $f, 'q': $g}:
    $y[0] += $f if $k == 'p' else $g

$a = sum(k * $f for k in {1, 2})

$r = [(q * $f, q) for q in $x]
$l, $h = zip(*$r)
$a = sum($l) * $h[1]

$r = []
for $b in $x:
    $r.append(($b * $f, $b + $g))
$l, $h = zip(*$r)
$a = sum($l) * sum($h)

$r = [(q, q * $f) for q in $xs]
for $b in zip(*$r):
    $y[0] += sum($b) * 0.1
"""

INTEGRALS = """
## integral or root
$a = quad(lambda t: np.sin(t * 0.5) + t, 0.0, float($f * $f) + 0.5)[0]

$b = float($f)
$a, _ = quad(lambda t: np.exp(-t * t) * $b, 0.0, 1.0)

$a = quad(swung, 0.0, 1.0, args=(float($f), float($g)))[0]

$a = quad(swung, float($f), float($g), (float($f), 0.4))[0]

$a = quad(lambda t, p: np.exp(-t * (1.0 + p * p)), 0.0, np.inf, args=float($f))[0]

$b = float($f)
$a = quad(lambda t: np.exp(t) * $b, -np.inf, 0.3)[0]

$b = float($f)
$a = quad(lambda t: np.exp(-t * t) * $b, -np.inf, np.inf)[0]

$b = float($f)
def $h(t):
    return t * t * $b
$a = quad($h, 0.0, float($g), epsabs=1e-10)[0]

$a = quad(np.sin, 0.0, float($f))[0]

$a = adgen.grad(lambda p: quad(lambda t: np.sin(t * p), 0.0, 1.0)[0])(float($f))

$r = solve_ivp(moved, (0.0, 0.5), $x[:2], args=($f,), rtol=1e-9, atol=1e-9)
$a = $r.y[0, -1] * $r.t[-1]

$r = solve_ivp(lambda t, u: -u * $f, [0.0, 0.5], np.array([$f, $g]), rtol=1e-9, atol=1e-9)
$a = np.sum($r.y[:, -1])

$r = solve_ivp(moved, (0.0, 0.4), $x[:2], t_eval=np.array([0.1, 0.4]), args=($f,), rtol=1e-9, atol=1e-9)
$a = np.sum($r.y[1])

$r = odeint(turned, $x[:2], np.array([0.0, 0.2, 0.4]), args=($f,), rtol=1e-10, atol=1e-10)
$a = $r[-1, 0] * $r[1, 1]

$r = odeint(moved, $x[:2], np.array([0.0, 0.3]), args=($f,), tfirst=True, rtol=1e-10, atol=1e-10)
$a = $r[-1, 1]

$a = newton(cubed, 0.4, args=($f,))

$a = newton(lambda q: q * q * q + q - 0.7, 0.4) * $f

$a = brentq(cubed, -9.0, 9.0, args=($f,)) * $g

$a = fixed_point(drawn_in, 0.3, args=($f,))

$a = adgen.on_adjoint($f * $g, lambda t: t) * $f

$a = adgen.on_adjoint(np.sin($f), watched)

$u = adgen.on_adjoint($x * $f, np.copy)

$a = adgen.grad(lambda p: adgen.on_adjoint(p * p, lambda t: t * 1.0) * p)($f)

$u = np.cross($x[:3], $y[1:])
$a = $u[0] * $f

$a = np.cross($x[:3] * $f, $x[1:])[1] + np.sum(np.cross(np.outer($x, $y)[:, :3], $x[:3]))

$r = np.random.default_rng(3)
$u = $x * $f + $r.normal(0.0, 0.1, 4)

$r = np.random.default_rng(3)
for $k in range(3):
    $y[$k] += $r.uniform(0.1, 0.2) * $f

$a = $f if $y.flags.c_contiguous else $g

$a = min($f, np.inf) + max($g, -np.inf)

$a = np.sum(np.where($x > $p)[0]) * $f

$y[np.where($x > $p)] *= $f

$y[np.nonzero($x > $p)] += $f

$y[np.flatnonzero($x > $p)] = $f

$u = np.add($x, $y, where=True) * $f

$u = np.array([$f, $g, 0.3, 0.4], dtype=np.float64) * np.float64($f)

$u = $x.astype(np.float64) * $f

$u = np.sqrt($x * $x + 0.2, out=np.ones(4), where=$x > $p) * $f

$y.flat[1] = $f

$y.flat[1:3] *= $f

$y.flat[:] = $x

$r = np.outer($x, $y)
$r.flat[2:4] = $x[:2] * $f
$a = np.sum($r * $r)

$r = np.outer($x, $y)
$r.flat[::5] += $x * $f
$a = np.sum($r.flat) * 0.3

$r = np.outer($x, $y)
$r.T[0] *= $f
$r.T[1, 2] = $g
$a = np.sum($r * $r)

$r = $y.T
$r[1:] = $f
$a = $y[2] * $f

$r = $y.reshape(2, 2)
$r[n % 2] *= $f
$h = $r.T
$h[0] += $g

$r = $x * (0.3 + 0.4j)
$r.real *= $f
$r.imag = $x
$a = np.sum(np.abs($r * $r))

$r = $x * (0.3 + 0.4j)
$r.imag[1:] = $f
$r.real[0] += $g
$a = np.sum(($r * $r).imag)

$r = $y.real
$r[0] *= $f

print($f, f'{n}', end='') if n > 90 else None
$a = $f

if n > 90:
    print($f, $x, sep=' ', end='', flush=True)
$a = $f

if n > 90:
    return None
$a = $f

if n > 90:
    return
$a = $f
"""

COLUMNS = """
## columns
$r = [(q, q * $f) for q in $x]
$l = list($r[1])
$a = sum(tuple($r[n % 4])) * $f

$r = [(q, q * $f, q * 0.3) for q in $x]
$a = sum($r[1][1:]) + $r[n % 4][n % 3] + $r[0][-1]

$r = [(k, k + 1) for k in range(3)]
for $b in $r:
    $y[$b[0]] += $x[$b[1]] * $f

$r = np.outer($x, $y)
for $b in [(k, k) for k in range(3)]:
    $r[$b] *= $f
$a = np.sum($r * $r)

$r = np.outer($x, $y)
$b = (1, n)
$r[$b] = $f
$r[tuple([2, 1])] *= $g
$a = np.sum($r * $r)

$r = np.outer($x, $y)
for $b in ((0, 1), (2, 3)):
    $r[$b] = $f
$a = np.sum($r * $r)

$r = [{'p': $f, 'q': $g}, {'p': $g, 'q': 0.2}]
for $b in $r:
    $b['p'] *= $f
$a = $r[0]['p'] * $r[n % 2]['q']

$r = [{'p': q * $f, 'q': q} for q in $x]
$a = sum(q['p'] * q['q'] for q in $r)
for $b in $r:
    for $h, $k in $b.items():
        $a += $k if $h == 'p' else 0.1

$r = [{'p': $f, 'q': $g, 'r': 0.3}, {'p': $g, 'q': 0.2, 'r': $f}]
$a = three(**$r[n % 2])

$r = [{'p': q, 'q': q * $f, 'r': 0.3} for q in $x]
$a = three(**$r[1]) + sum($r[2].values()) + len($r[0])
$b = {**$r[3], 'q': $g}['q'] + sum({**$r[3]}.values())

$r = [Row($f, $g), Row($g, $f)]
$a = $r[0][1] * $r[1][0]

$r = [Spring(q, $f) for q in $x]
$a = $r[1].rate * $r[n % 4].force($f) + sum(q.scale for q in $r)
$b = replace($r[0], rest=$g).force(0.3)

$r = [Pair(q, $f) for q in $x]
$a = $r[1].one * $r[n % 4].two + $r[2][0] + sum($r[0])
$b = sum($r[1]._asdict().values())

$a = $f if n in Pair(1, 2) else $g

$a = $f if (1, n) == (1, 2) or Pair(1, 2) == Pair(1, n) else $g

$a = $f if (1, n) < (2, 3) else $g

$r = Pair($f, $g)
$a = len($r) * $r[n % 2] + len(tuple($r)) * sum(list($r))

$r = list({'p': $f, 'q': $g})
$a = $f if 'p' in $r and len({'p': 1}.items()) == 1 else $g

$r = {'p': $f}
$r['q'] = $g
$a = sum($r.values()) * len($r.keys()) + len($r.items()) * $f
for $k, $b in $r.items():
    $y[0] += $b * 0.1
for $k in $r:
    $y[1] += $r[$k] * 0.1
$h = $r.copy()
$h['p'] *= $f
$a = $a + $h['p'] * $r['p']

$r = {'p': $f}
$r['q'] = $g
$h = {**$r, 'q': 0.3}
$a = ($h['q'] * $h['p'] if $r else $f) + (0.1 if not $r else $g)

$r = {'p': $f}
if $c:
    $r['q'] = $g
$a = sum($r.values())

$r = {'p': $f}
$r['q'] = $g
$a = $r.get('p' if n > 1 else 'q', 0.3)

$r = {'p': $f}
$r['q'] = $g
$a = $r.pop('p' if n > 1 else 'q') + len($r)

$r = {'p': $f}
$r['q'] = $g
$a = $r.setdefault('p' if n > 1 else 's', $f) + sum($r.values())

$r = {'p': $f, 'q': $g}
del $r['p' if n > 1 else 'q']
$a = sum($r.values())

$r = {}
for $k in range(n):
    $r[$k] = $f
$r.update(p=$g) if False else $r.update({9: $g})
$a = sum($r.values()) + (0.1 if not $r else $f)

$r = dict(p=$f, q=$g)
$h = 'p' if n > 1 else 'q'
$r.update(p=$g, s=0.3)
$a = $r[$h] + sum($r.values())

$r = {k: 0.1 for k in 'pq'}
$r.update(p=$f)
$r.update([('q', $g), ('s', $f)])
$a = sum($r.values())

$h = 'p' if n > 1 else 'q'
$r = dict({$h: $f}, s=$g)
$a = sum($r.values()) * len($r)

$h = 'p' if n > 1 else 'q'
$r = {$h: $f} | {'s': $g}
$b = $r | {$h: 0.3}
$a = sum($r.values()) + sum($b.values())

$h = 'p' if n > 1 else 'q'
$b = {'s': $g}
$r = {$h: $f, **$b}
$a = sum($r.values())

$h = 'p' if n > 1 else 'q'
$r = defaultdict(float)
$r[$h] += $f
$r['s'] -= $g
$a = sum($r.values())

$r = defaultdict(float)
for $k in range(4):
    $r[idx[$k]] -= $x[$k] * $f
    $r[$k] *= 0.9
$a = sum([v * v for v in $r.values()])

$r = defaultdict(float, {'p': $f})
$r['q'] += $g
$a = $r['p'] * $r['q'] + $r['s']

$r = defaultdict(list)
$r['p'].append($f)
$r['p' if n > 1 else 'q'].append($g)
$a = sum($r['p']) + len($r)

$r = {True: $f, False: $g}
$a = $r[n > 1] * $f

$r = {n > 1: $f}
$a = $r[n > 1] * $g

$r = [None] * 3
for $k in range(3):
    $r[$k] = $x[$k] * $f
$a = $r[0] + $r[n % 3]

$r = [None] * 4
$a = $f
for $k in range(4):
    if $k > 0:
        $a = $a * 0.5 + $r[$k - 1]
    $r[$k] = $a * $g

$r = []
for $b in $x:
    $r.append($b * $f if $b > $p else None)
$a = $f
for $b in $r:
    if $b is not None:
        $a += $b

$r = [$f, None, $g]
$a = 0.3
for $b in $r:
    $a += 0.1 if $b is None else $b

$r = None
if $c:
    $r = ($f, $g)
$a = $f if $r is None else $r[0] * $r[1]

$r = None
for $b in $x:
    if $b > $p:
        $r = ($b, $b * $f)
$a = $g if $r is None else $r[0] + $r[1]

$r = None
if $c:
    $r = $x * $f
$u = $e if $r is None else $r * $g

$a = $f
if $b := found_in($x, $p):
    $a = $b * $f

$a = $f
if ($b := found_in($x, $p)) is not None:
    $a = $b * $f

$b = found_in($x, $p)
$a = $f if $b is None or not ($b > 0.3) else $b * $g

$R = [[$f], [$g]]
for $k in range(2):
    $R[$k] += [$f, 0.3]
$a = sum($R[1])

$H = [$x.copy(), $e]
for $k in range(2):
    $H[$k] *= $f
    $H[$k] += $x

$H = []
for $k in range(3):
    $H.append($x * $f)
for $k in range(3):
    $H[$k] *= 0.5
    $H[$k] += $x
    $H[$k] -= $f

$H = [$y.copy(), $e, $x * $f]
$H[n % 3] *= $g
$H[0][0] = $f

$r = []
for $k in range(3):
    $r.append([$x[$k], $f])
$r[0] = [$f, $g]
$r[1][0] *= $g
$h = $r[1:]
$a = sum($h[0]) + sum($r[0])

$r = []
for $k in range(3):
    $r.append(($x[$k], $f))
$r[n % 3] = ($g, 0.3)
$a = $r[0][0] * $r[1][1] + $r[2][0]

$l = [q * $f for q in $x]
$l += [$g]
$l += $xs

$l = [$f, $g, 0.3][1:]
$l.append($f)

$l = list($xs)
$l.insert(2, $f)
$l.insert(n, $g)
$l.insert(-1, $f)

$l = [q * $f for q in $x]
$a = $l.pop(n) * $l.pop(0)
$l.sort()

$l = [q * $f for q in $x]
$h = $l.copy()
$l.reverse()
$a = $h[0] * $l[0]
$l = $l[n:]

$l = [q * $f for q in $x if q > -9.0]
del $l[:n]
$a = len($l) * $f

$l = [q * $f for q in $x if q > -9.0]
$l[-1:] = [$f, $g]
$l[:-1] = $xs

$l = [q * $f for q in $x if q > -9.0]
$a = three(*$l[:3]) + three($f, *$l[1:3])

$l = [q * $f for q in $x if q > -9.0]
$a, *$r = $l
$b = sum($r)

$a = three(*map(lambda q: q * $f, $x[:3]))

$a = max(map(wave, ($f, $g))) + min(map(wave, $x)) + max(($f,)) + max(reversed($xs))

$a = max($xs, key=lambda q: -q * q) * min([q * $f for q in $x], key=lambda q: q)

$a = max(enumerate($x), key=lambda r: r[1])[1] * $f

$r = sorted({2, 1, n})
$a = $r[0] * $f + max({1, n}) * $g

$l = [q * $f for q in sorted({3, 1}) for _ in range(2)]

$r = tuple(q * $f for q in $x)
$a = $r[0] * $r[-1] + len($r)

$r = set(k % 3 for k in range(n + 2))
$h = set($r)
$r.update(range(3))
$r.update($h)
$r.discard(n)
$a = $f if $h < $r or $h.issubset($r) else $g * len($r)

$r = {1, 2} | {2, 3}
$a = $f if {1, 2} <= {1, 2, 3} and len($r & {1, n}) > 0 else $g

for $k in sorted({n, 1} | {2}):
    $y[$k] *= $f

$r = [Spring(q, $f) for q in $x]
$r[n % 4].rate *= $g
$b = replace($r[0], rest=$g)
$a = $b.force(0.3) + $r[1].rate

$a = float($y[..., 1]) * $f + np.sum($y[0, ...])

$r = [None] * 3
for $k in range(3):
    $r[$k] = ($x[$k], $f)
$a = $r[0][0] * $r[2][1]

$r = [{'p': q * $f, 'q': q} for q in $x]
$a = sum($r[1][k] for k in $r[1]) + $r[2]['p' if n > 1 else 'q']

$r = []
for $k in range(3):
    $r.append(($x[$k], $f))
$r[n % 3] = ($g, 0.3)
$a = $f
for $b in $r[0]:
    $a += $b

$r = {'p': $f}
$r['q'] = $g
for $k, ($h, $b) in enumerate($r.items()):
    $y[$k] *= $b
$a = $f if len($r) == 2 and 'p' in $r else $g

for $b, $h in zip({'p': $f, 'q': $g}.values(), $x):
    $y[0] += $b * $h

$a = max([], default=$f) + max($xs, default=0.3) + len(copying.copy('pq'))

$l = [$f, $g].copy()
$l.append($f)

$l = [q * $f for q in $x if True]
$l += [q for q in $x if False]

$r = {n: $f}
$r.update([(1, $g), (2, $f)])
for $k in $r.keys():
    $y[0] += $r[$k] * 0.2

$r = defaultdict(list)
for $k in range(3):
    $r[$k % 2] += [$x[$k] * $f]
$a = sum($r[0])

$r = {k: 0.1 for k in range(3)}
for $k in range(3):
    $r[int($k)] = $r.get(int($k), 0.0) + $x[$k] * $f
    $r[$k] = $r[$k] * 0.5 if $k in $r else $g
$a = sum($r.values())

$r = sorted([str(k) for k in range(n + 1)], reverse=True)
$a = $f if $r[0] == '1' else $g

$r = sorted({'q': $f, 'p': $g}.items())
$a = $r[0][1] * $f

$y.flat[:] = $x.reshape(2, 2)

$r = np.asarray($y, dtype=float)
$r[0] = $f


"""

FUNCTIONS = """
## functions of several kinds
$h = np.sin if $c else np.cos
$a = $h($f) * $g

if $c:
    $h = np.tanh
else:
    $h = wave
$a = $h($f) + $h($g)

$a = decayed($f, n) * $g

$a = decayed($f, 2) + meshed($x)[0] + gridded($x)[1]

$u = meshed($x) * $f + gridded($y)

$h = lambda p, k: p if k <= 0 else $h(p * $f, k - 1) + $g
$a = $h($f, n)

def $h(p):
    def down(q, k):
        return q * p if k <= 0 else down(q * $f, k - 1) * p
    return down($g, n) + p
$a = $h($f)

$b = $f
def $h(p):
    def add(q):
        nonlocal $b
        $b += q * 0.3
    add(p)
    add($g)
    return $b
$a = $h($f) * $b

$b = $f
def $h():
    def add():
        nonlocal $b
        $b = $b * 0.9 + $g
        return $b
    return add
$a = $h()() + $h()() * $b

$a = GAIN($f) * GAIN.rate

$a = three(*($f, $g), *[0.3]) + three(q=$f, **{'p': $g}, r=0.2)

$a = several($x, $f) * $g

$a = several($y, $p) + several($x, 9.0)

$a = scattered(np.outer($x, $y), $p) * $f

$a = scattered(np.outer($x, $y), 9.0) + scattered(np.outer($x, $y), -9.0) * $f

$a = codes($x, $p) * $f + codes($x, -9.0) + codes($x, 9.0)

$a = Bare($f).p * $g

$r = Bare($f)
$r.items.append($g)
$a = sum($r.items) * $r.p

$a = Bag($f).total() + Bag($g, [0.2]).total()

$a = spanned($f) + spanned($f, (0.2, $g)) + spanned($f, mode='half') + spanned($g, flag=True)

$a = adgen.grad(three, (0, 2))($f, $g, 0.3)[1]

$a = adgen.grad(three, 1)($f, $g, 0.3)

$a = adgen.jvp(lambda r: r[0] * r[1], (($f, $g),), ((0.3, $f),))[1]

$a = adgen.grad(lambda p, flag: p * p if flag else p)($f, True)

def $h(p):
    return p * p * $f
$r = lambda q: $h(q) * wave(q)
$a = adgen.grad($r)($f) + adgen.grad(lambda q: $r(q) * math.sin(q))($g)

$h = lambda p: p * $f
$a = adgen.grad(lambda q: $h(q) * q + sum(halves(q, 1)))($g)

def $h(d):
    for k in ('p', 'q'):
        d[k] = d[k] * d['p' if n > 1 else 'q']
    return d['p'] + d['q']
$a = adgen.grad($h)({'p': $f, 'q': $g})['p']

$a = adgen.grad(by_names)({'p': $f, 'q': $g}, n)['q']

$a = sum(adgen.grad(lambda r: r[0] * r[1] * r[1])([$f, $g]))

$a = np.sum(adgen.grad(lambda u: np.sum(u * u) * $f)($x))

$a = adgen.grad(functools.partial(three, $f))($g, 0.3) + functools.partial(three, $f, $g)(0.3)

$r = Switch()
$r.gain = $f
$r.more = $g
del $r.gain, $r.more
$a = $r.gain * $f

$b = $f
$r = $g
del ($b, $r)
$a = $f

$r = State({'p': $f}, [$g])
$r.pos['q'] = $g
$r.vel.append($f)
$a = sum($r.pos.values()) * sum($r.vel)

$r = State(Tank($f), Spring($g))
$r.pos.fill($g)
$h = $r.pos
$h.drain()
$a = $r.pos.level * $r.vel.rate

$r = Tank($f) if $c else Tank($g)
$r.fill($f)
$a = $r.level

$r = [Tank($f), Tank($g)]
for $b in $r:
    $b.fill($f)
    $b.log.append($g)
$a = $r[0].level * $r[1].log[-1] + sum($r[n % 2].log)

while False:
    $y[0] = 0.0
else:
    $y[0] *= $f

$a = $f
for $k in range(4):
    while $a < 0.9:
        $a = $a * 1.1 + 0.05
        if $a > $p + 0.7:
            break
    else:
        $a *= 0.9
        continue
    $y[$k] *= $a

$a = $f if 'PQ'.lower() == 'pq' and 'p,q'.split(',')[0] == 'p' else $g

$a = $f if isinstance(n, int) and not isinstance(n, bool) else $g

$a = $f if isinstance($x, (np.ndarray, list)) and not isinstance(n, (str, bool)) else $g

$a = $f if $x.ndim == 1 and 'p' not in {'q': 1} and 2 in (1, 2) else $g

$r = $f if $c else $x * $f
$r = $r * 0.5
$a = np.sum($r)

import math
$a = math.sin($f)

import numpy as other
$a = other.sum(other.sin($x)) * $f

$h = wave
$a = adgen.grad(lambda p: $h(p) * softened(p))($f) + adgen.grad(lambda p: $h(p) + math.sin(p * $h(p)))($g)

$a, $b = adgen.grad(damped, has_aux=True)($f)

$r = Switch()
if n > 1:
    $r.extra = $f
$a = $r.extra * $g if n > 1 else $f

$a = $f if Spring($f) else $g

$a = $f if isinstance('p', str) and isinstance(True, int) else $g

$r = Tank($f)
$r.fill($g)
$a = $r.level if isinstance($r, Tank) and not isinstance($r, Body) and $r else $f

$r = [(q, q * $f) for q in $x]
$a = $r[0][1] if isinstance($r[0], tuple) and isinstance($r, list) else $f

def $h(s):
    t = 0.1
    for q in (p * s for p in (0.3, $f)):
        t += q * $g
    return t
$a = $h($f)

$h = lambda q: q * $f
for $r in ($h(q) for q in ($f, $g, 0.2)):
    $y[0] += $r * 0.3

$b = $f
for $r in (q * $b for q in ($g, 0.2)):
    $y[1] += $r

for $r in (q * $f for q in ($g, 1, 0.2) if q is not None):
    $y[2] += $r

$a = $f if any(q > 0.713 for q in $x if q > $p) and all(q > -9.0 for q in $y if q < $p) else $g

"""

LIBRARY = "\n\n".join(part.strip() for part in (ITERATION, INTEGRALS, COLUMNS, FUNCTIONS))
