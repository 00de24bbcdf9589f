"""More templates for `scenes.py`: each is here because a branch of the compiler, or a fault of it, went unnoticed.

## sizes that types do not tell        compared at run time; kinds, too; what is added to memory is not what is in it
## raises on purpose                  assert and raise: the derivative raises the same error
## order of reading                   `y[0] += h(p)` where h writes y: what is read first counts
## tapes as arrays                    for Numba: loops in loops, whose bounds are those of outer ones
"""

SIZES = """
## sizes that types do not tell
if $x.shape[0] == m.shape[0]:
    $a = $f * 0.5
else:
    $a = $g

$a = $f * 0.5 if $x.shape[0] != m.shape[1] else $g

$u = x[x > -90.0]
if $u.shape[0] == x.shape[0]:
    $a = $f * 0.5
else:
    $a = $g + 3.0

if len($x) == len(m) and $x.size != m.size:
    $y[0] *= $f
$a = $y[0] * $g

$u = np.array([0.6, 0.7, 0.8, 0.9])
$a = $f
for $k in range(4):
    $b = np.exp(-$x[$k] * $x[$k])
    $u[$k] += $b
    $a += $b * $b * $u[$k]

$u = np.full(4, 0.3)
$a = $f
for $i in range(2):
    for $k in range(4):
        $b = np.sin($x[$k] + $i)
        $u[$k] += $b
        $a += $b * $b
$a += np.sum($u * $u)

$u = sum(row for row in m if row[0] > -90.0)
$a = np.sum($u) * $f

$u = np.array([0.1, 0.2, 0.3, 0.4]) * $f if $c else $x
$a = np.sum($u * $u) + np.sum($x * $x) * 0.1
"""

RAISED = """
## raises on purpose
assert n > 1
$a = $f

assert n < 2, f'{n} is too much'
$a = $f

for $k in range(n):
    assert $k < 2 or $f < $p, 'no'
    $y[$k] *= $f

if n > 2:
    raise ValueError(f'{n} is too much', n)
$a = $f

if $c:
    raise ValueError('no')
$a = $f

for $k in range(3):
    if $k + n > 4:
        raise ArithmeticError
    $y[$k] *= $f

def $h(p, k):
    if k > 2:
        raise KeyError(k)
    return p * $f
$a = $h($f, n)

$y[0] *= $f
if n == 3:
    raise RuntimeError
$a = $y[0] * $f

while n > 1:
    $y[0] *= $f
    if $y[0] > $p:
        break
    raise IndexError('no')
$a = $f

$a = float($f)
try:
    if n > 2:
        raise ValueError
    $a = math.sqrt($a * $a + 1.0)
finally:
    $y[0] *= $f

## order of reading
def $h(p):
    $y[0] = $y[0] * 0.7 + p
    return p * $f
$y[0] += $h($f)

def $h(p):
    $y[0] = $y[0] * 0.7 + p
    return p * $f
for $k in range(n + 1):
    $y[0] *= $h($y[$k])

def $h(p):
    $y[1:] *= p
    return p * $f
$y[[1, 2, 0]] -= $h($f)

def $h(p):
    $y[...] = $y * p + 0.1
    return p * $f
$y[$x > $p] += $h($f)
"""

TAPES = """
## tapes as arrays, for Numba, loop
$a = $f
for $k in range(3):
    for q in range($k + 2):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(n):
    for q in range($k):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(n):
    for q in range($k + 1):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(4):
    for q in range(1, $k - 1):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(3, -1, -1):
    for q in range($k, -1, -1):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(3):
    for q in range($k + 1, -1, -1):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(n, 0, -1):
    for q in range($k - 1, 4):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(n):
    for q in range($k, n + 1):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(0, 4, 2):
    for q in range($k + 1, 4, 2):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$a = $f
for $k in range(len($x)):
    for q in range($k - 1, -1, -1):
        $a = np.sin($a * $y[q]) + $f
        $y[q] *= $a

$u = $x * $f
for $k in range(3):
    for q in range($k + 2):
        $u = np.sin($u * $y) + $f
        $y[q] *= $u[q]

$a = $f
for $k in range(2):
    for q in range($k, 2 * $k + 1):
        for p in range(q, q + 2):
            $a = np.sin($a * $y[p]) + $f
            $y[p] *= $a

$a = $f
for $k in range($x.shape[0] - 1):
    $a = np.sin($a * $y[$k]) + $f
    $y[$k] *= $a
    $u = np.sin($y * $a)
    $y[$k + 1] *= $u[$k]
"""

MADE = """
## made of an index
$a = np.sum(np.r_[np.outer($x, $y), np.outer($y, $x) * $f] ** 2)

$u = np.r_[0.1:0.9:4j] * $f * $x

$u = np.mgrid[0:4] * $f * $x

$r = np.ogrid[0:4, 0:2]
$a = np.sum($r[0] * $r[1] * $f * 0.1)

$u = np.r_[0:4] * $x + np.r_[$f, $x[1:3], $g]

$a = np.sum(np.c_[$x, $y, np.ones(4)] * $f) + np.sum(np.c_[np.outer($x, $y), $x] ** 2)

$u = np.r_[[$f, $g], ($f, 0.3)] * $x

$u = np.mgrid[0:1:4j, 0:2][0][:, 1] * $f * $x

$r = slice(1, 3)
$y[$r] *= $f
$a = np.sum($x[$r])

$r = slice(None, None, -1)
$u = $x[$r] * $f

$a = sum(($f, $g, 0.3)[:n])

$r, $h = f'{n},q'.split(',')
$a = $f if $r == '1' else $g

$r = np.arange(2) + 1
$y[$r] *= $f

$r = [k for k in range(n + 1)]
$y[$r] *= $f

$r = [k for k in range(n + 1) if k != 1]
$u = $x[$r].sum() * $y
$y[$r] += $f

## 0-d, store
$Z = np.array($f)
$r = max($z, $Z)
$a = $r * $g

$r = $z.reshape(1)
$z += $f
$a = $r[0] * $g

$r = np.atleast_1d($z)
$z *= $f
$a = $r[0] * $g

def $h(k, q):
    return q if k == 0 else $h(k - 1, q * $f)
$Z = np.array($f)
$Z[...] = $g
$a = $h(n, $Z) * $Z

def $h(q, p):
    q[...] = q * p
    return q
$Z = np.array($f)
$r = $h($Z, $g)
$Z += $f
$a = $r * $Z

if $c:
    $Z = np.array($f)
else:
    $Z = np.zeros(())
$Z += $g
$a = $Z * $f
"""

PATHS = """
## paths, none
$N = $f if n >= 0 else None
if n > 90:
    return $N
$a = $f

$r = {'p': None, 'q': $f}
if $c:
    $r = {'p': $g, 'q': 0.3}
$a = $r['q'] if $r['p'] is None else $r['p']

## paths
if $c:
    $r = $y
elif n > 90:
    raise ValueError
else:
    $r = $w
$r[0] = $f

if $c:
    $r = $y
elif n > 1:
    $r = $w
else:
    $r = $y
$r[0] = $f
$r[1:] *= $g

if $c:
    $r = ($y, $f)
elif n > 1:
    $r = ($w, $g)
else:
    $r = ($y, 0.3)
$r[0][0] *= $r[1]

$r = np.outer($x, $y)
$r[0] = $f
$y[0] = $g
$a = np.sum(($y, $r)[n % 2])

def $h(p):
    for q in (p, $x, $g):
        if np.sum(q) > 1.313:
            return np.sum(q) * p
        if np.sum(q) < -0.717:
            break
        p = p * 0.9
    return p * $f
$a = $h($f)

def $h(p):
    yield p
    if p > $p:
        return
    yield p * 0.5
$a = sum($h($f))

if n > 1:
    $r = {n: $f}
$a = $r[n] if n > 1 else $g

if n > 1:
    $r = {'p': $f, 'q': $e}
$a = $r['p'] * $r['q'][0] if n > 1 else $g

if n > 1:
    $r = [$f, $g]
    $r.append($f)
$a = sum($r) if n > 1 else $g

if n > 1:
    $r = ($f, [$g])
$a = $r[0] * $r[1][0] if n > 1 else $g

$r = np.arange(4)
$h = np.zeros(4, dtype=int)
$b = $r if $c else $h
$b[0] = 2
$a = $x[$b[0]] * $f

if n > 90:
    $y[0] = 1.0 / (1 - 1)
$a = $f

if n > 90:
    $y[0] = 10 ** 400 * 0.5
$a = $f

$r = {n: $f} if $c else {1: $g}
$a = sum($r.values())

$r = {k: $x[k] for k in range(n + 1)} if $c else {7: $g}
$a = sum($r.values()) * $f

## dict of computed keys
$r = {'p': $f, 'q': $g}
$a = $r.pop(str(n), 0.3)

$r = {'p': $f, 'q': $g}
$a = $r.setdefault(str(n), $f) + sum($r.values())

$r = defaultdict(None, {n: $f})
$a = $r[n] * $g

$r = dict.fromkeys((n, n + 1), $f)
$r[n] *= $g
$a = sum($r.values())

$r = {'p': $f}
$r['q'] = $g
$a = $f if isinstance($r, dict) else $g

## set
$r = {n, 1}
$r.update((5, 6))
$r.update({7})
$a = len($r) * $f

$r = set()
$r.update(range(n))
$h = {7, n}
$h.update($r)
$a = len($h) * $f

$a = $f if any(q for q in (1, n)) else $g

$a = $f if all(q for q in (0, n)) else $g

$a = $f if any(q > 9.0 or n for q in $xs) else $g
"""

KINDS = """
## objects with operators
$r = Curve($f)
$r *= $g
$a = $r.rate

$r = Knob($f)
$r.level = $g
$r.level *= $f
$a = $r.inner + $r.level

$r = Knob($f)
for $k in range(n):
    $r.level -= $x[$k]
    $r.inner *= $f
$a = $r.level

$h = $o.drag
$a = $h($f) * $h($g)

$h = Spring($f).force
if n > 1:
    $a = $h($g)
else:
    $a = $h($f) * 0.5

$h = adgen.grad(wave)
$a = $f
for $k in range(n):
    $a = $a - 0.1 * $h($a)

$a = adgen.on_adjoint($f * $g, SAME) * $f

$a = adgen.on_adjoint($f * $g, unseen) * $f

$a = adgen.grad(lambda p: np.sum(adgen.on_adjoint($x * p, np.copy) * p))($f)

$a = float(adgen.grad(lambda p: p)(np.float32($f))) * $g

## indices of arrays
$r = (2, 3)
for $k, q in np.ndindex($r):
    $y[$k] += $x[q] * $f

$r = (2, 3)
for $k, q in np.ndindex(*$r):
    $y[$k] += $x[q] * $f

for $k, q in np.ndindex(*(2, 2)):
    $y[$k] += $x[q] * $f

## powers
$u = $x ** 3 * $f + (1.0 + $x * $x) ** 1.5

$a = $f ** 3 * $g + abs($g) ** 2.5 + (1.0 + $f * $f) ** $f

$u = (1.3 + $x * $x) ** $f + 1.7 ** $x

$u = $x ** np.array([1, 2, 3, 2]) * $f

## masks of a call
$u = np.sqrt($x - 0.113, out=np.ones(4), where=$x > 0.217) * $f

np.log($x - 0.411, out=$y, where=$x > 0.513)

np.divide($f, $x - 0.613, out=$y, where=np.abs($x - 0.613) > 0.1)

np.power($x, 1.5, out=$y, where=$x > 0.1)

## slices of slices, list, order
$r = [q * $f for q in $x if q > -9.0]
$h = $r[1:][1:]
$a = sum($h)

$r = [q * $f for q in $x if q > -9.0]
$h = $r[1:]
$r[1] = $f
$a = sum($h) + sum($r)

$r = [q * $f for q in $x if q > -9.0]
$h = $r[::2]
$a = sum($h) * $r[n]

$r = [q * $f for q in $x if q > -9.0]
$h = $r[n:]
$h.append($g)
$a = sum($h)

$r = [[q, q * $f] for q in $x if q > -9.0]
$h = $r[1:]
$h[0][0] *= $g
$a = sum($r[1]) + sum($h[-1])

## recursion, call
def $h(k, u, v):
    if k == 0:
        return u
    return $h(k - 1, v, u)
$r = $h(n, $y, $w)
$a = np.sum($r * $x)

## recursion, call
def $h(p, k):
    print(k, end='')
    return p * $f if k <= 0 else $h(p * 0.8, k - 1)
$h($f, n)
$a = $h($g, 1)

def $h(p, k):
    if k > 2:
        raise ValueError(k)
    return p * $f if k == 0 else $h(p * 0.8, k - 1)
$h($f, n)
$a = $h($g, 1)

## comprehension
$l = [$r * $f for $r in $x if $r > $p if $r < 0.983]

$a = sum([p * q for p in $x if p > $p for q in $y if q < p])

## none
$N = $f if n >= 0 else None
$a = $N * $f
$l = [$N, $g]
"""

OVERLAPS = """
## overlaps, store
$y[::2] = $y[:2] + 0.25

$y[1:] = 1.0 * $y[:-1]

$y[$y > $p] = $y[::-1][$y > $p] * 0.5

$y.flat = $y[::-1] + 0.25

np.copyto($y[::2], $y[1:3] - 0.25, where=$y[1:3] > $p)

np.multiply.at($y, [0, 1, 1], $y[1:])

$m[:, 1] = $m[0] + 0.25
$a = $f

$m[n % 3] = -(-$m[:, 1])

for $k in range(3):
    $m[$k] = $m[:, $k]
$a = $m[0, n % 3] * $f

for $k in range(2):
    $m[$k, $k + 1:] = $m[$k + 1:, $k]
$m[1] *= $f

for $k in range(2):
    $m[$k + 1:, $k] = $m[$k, $k + 1:] - 0.5
$m[2] *= $f

np.fill_diagonal($m, $m[1] - 0.25)
$a = $m[n % 3, 0] * $f
"""

CUTS = """
## slices as values
cut = slice(n, n + 2)
$x[cut] *= $f
$a = np.sum($y[cut])

for $k in range(2):
    cut = slice($k, $k + 2)
    $y[cut] += $f * $x[cut]
$a = $y[n % 3]

cut = np.s_[n % 2:, ::2]
$m[cut] *= $f
$a = np.sum($m[cut])

def $h(v, s, q):
    v[s] = q
    return v[s]
$a = np.sum($h($y, slice(n % 2, 3), $f))

$l = [$f, $g, $x[1], $y[n % 3]]
cut = slice(n % 2, None)
$a = sum($l[cut])

for cut in [slice($k, $k + n) for $k in range(2)]:
    $y[cut] = $y[cut] * $f

## asked of a range
for $k in range(4):
    if $k in range(1, n):
        $y[$k] *= $f

$a = $f if n in range(0, 4, 2) else $g

$a = $f if n not in range(n, 0, -2) and $c else $g

## patterns with alternatives
for $r in [('l', $f, 2.0), ('r', 3.0, $g), ('c', $x[1])]:
    match $r:
        case ('l', left, _) | ('r', _, left) | ('c', left):
            $y[0] *= left

for $r in [($f, $g), ($f, 0.5, $g)]:
    match $r:
        case (left, right) | (left, _, right) if right > $p:
            $y[1] = left * right
        case _:
            $y[1] = $f

for $r in [Spring($f), Spring($g, rest=$x[0])]:
    match $r:
        case Spring(left, right) if left < $p:
            $y[2] *= left * right
        case Spring(_, right):
            $y[1] += right
"""

BALANCE = """
## what the last test of a loop keeps
def $h(u, k):
    p = 0.4 + k
    for q in u:
        p = p + np.sin(q * p) * 0.3
    return p
$k = 0
while $k < 9 and ($b := $h($y, $k)) < 2.5:
    $y[0] = $y[0] * $b * 0.3 + 0.2
    $k += 1
$a = np.sum($y) * $f

def $h(u):
    p = 0.4
    for q in u:
        p = p + np.sin(q * p) * 0.3
    return p
for $k in range(4):
    $b = $h($y)
    if $b > 90.0 or $k == 2:
        break
    $y[$k] = $y[$k] * $b * 0.3 + 0.2
$a = np.sum($y) * $f

for $k in range(4):
    $b = 0.3
    if $y[$k] > $p:
        for $r in range(3):
            $b = $b + np.cos($b * $y[$r])
    if $k > n or $b > 90.0:
        break
    $y[$k] *= 0.2 + 0.1 * $b
$a = np.sum($y) * $f

def $h(u):
    p = 0.4
    for q in u:
        if q > 0.3:
            p = p + np.sin(q * p) * 0.3
        else:
            for i in range(2):
                p = p * np.cos(q * p)
    return p
$k = 0
while ($b := $h($y)) < 90.0 and $k < 2:
    $y[0] = $y[0] * $b * 0.3 + 0.2
    $k += 1
$a = np.sum($y) * $f

## what inner loops keep, from what outer ones have
$u = $x * 0.7
for $r in range(2):
    $v = np.zeros(4)
    for $k in range(4):
        $b = $u - $u[$k]
        $v += $b * np.sqrt(1.3 + np.sum($b * $b))
    $u = $u + 0.1 * $v * $f
$a = np.sum($u * $u)

$u = $x * 0.7
$v = $x * 0.1
for $r in range(3):
    for $k in range(4):
        $b = $u - $u[$k]
        $v += 0.1 * $b * $b * $b
    $u += 0.1 * $v
$a = np.sum($u * $v) * $f
"""

GROWN = """
## lists that change by recursion
def $h(k, out):
    if k >= 3:
        return
    out.append($x[k] * $f)
    $h(k + 1, out)
    out[k] = out[k] * 0.5
$l = []
$h(0, $l)
$a = sum($l)

def $h(k, path):
    if k > 2:
        return sum(path)
    path.append($x[k] * $f)
    p = $h(k + 1, path) * 0.5
    path.pop()
    return p + $h(k + 2, path)
$a = $h(0, [$g])

def $h(k, out):
    if k == 0:
        return out
    out.append($x * (k * $f))
    return $h(k - 1, out)
$u = $h(n, [$y * 1.0])[-1]

$r = []
def $h(k):
    if k > 2:
        return
    $r.append($y[k] * $f)
    $h(k + 1)
    $h(k + 2)
$h(0)
$a = sum($r) * $r[-1]

## slices of lists with a step
$l = [v * $f for v in $x]
$l[::2] = [v * v for v in $l[1::2]]
del $l[::3]
$a = sum($l)

$l = [$f, $g, 0.3, $x[0]]
$l[::-1] = $l
for $k in range(2):
    $l[$k::2] = [v * $g for v in $l[$k::2]]
$a = $l[0] * $l[1] + $l[2]

## rows behind their loop
grid = np.outer($x, $y) * 0.3
for line in grid:
    line[0] = line[1] * $f
line[2] = $g
$a = np.sum(grid * grid) + line[0]

grid2 = np.outer($x, $x) * 0.3
for $k, line2 in enumerate(grid2):
    if line2[0] > $p:
        break
    line2 *= $f
$a = line2[1] * $f + grid2[0, 1]
"""

STARS = """
## columns of rows
$l, $r = zip(*[($k * v, v * $f) for $k, v in enumerate($x)])
$a = $l[1] * $r[0] + sum($r)

$r = []
for $k in range(n + 1):
    $r.append(($x[$k % 3], $f))
left, right = zip(*$r)
$a = left[0] * sum(right)

## stars of unknown length
$a = max(*$x[:n + 1]) * min(*[v * $f for v in $x])

$a = max($f, *$x) - min(*$x, $g)

$a = math.hypot(*[v * $f for v in $x]) + math.hypot($g, *$x)

$a = np.hypot(*$x[:2]) * $f

## the largest of tuples
$r = ($f, 0)
for $k in range(3):
    $r = max($r, ($x[$k] * $g, $k))
$a = $r[0] * ($r[1] + 1.0)

$r, $k = min((v * $f, $k) for $k, v in enumerate($x))
$a = $r * ($k + 1.0)

for left, right in sorted(zip([n, 1, 2], $x), reverse=True):
    $y[0] = $y[0] * left + right * $f

$a = math.prod(v * $f for v in $x[:n])
"""

HIGHER = """
## second derivatives inside
$u = adgen.hvp(energy)($x, $y) * $f

$a = np.sum(adgen.hvp(lambda u: np.sum(u ** 3 * $f))($e, $x))

$u = adgen.jacfwd(lambda u: u * u * $f + u[0])($x)[1]

$m = adgen.hessian(lambda u: np.sum(u ** 3) * $f + u[0] * u[1])($e)
$a = np.trace($m) + $m[0, 1]

$a = adgen.jacfwd(lambda t: np.sin(t * $f))($g)

for $k in range(2):
    $y[$k] = adgen.jacfwd(wave)($y[$k]) * $f

$u = $x * 1.0
for $k in range(n):
    $u = $u - 0.1 * np.linalg.solve(adgen.jacfwd(lambda u: 4.0 * u + np.sin(u * $f))($u), $u)
"""

COPIES = """
## copies of objects
$O = copying.deepcopy($o)

$O = copying.deepcopy($o)
$O.pos[0] = $f
$O.jump(0.3)
$a = np.sum($O.pos * $o.pos) * $o.mass

$O = copying.copy(copying.deepcopy($o))
$O.mass = $O.mass * $f
$O.vel = $O.vel * 0.5
$a = np.sum($O.vel * $o.vel) * $o.mass

for $k in range(2):
    $O = copying.deepcopy($o)
    $O.jump(0.2)
    if np.sum($O.pos) > $p:
        $o.mass = $O.mass * $f
"""

AGAIN = """
## compared again
for $k in range(3):
    $a = np.min(0.7 * ($x * $y[$k])) * 0.5 + $f

for $k in range(3):
    $a = np.sum(np.maximum(0.7 * ($x * $y[$k]), $x * 0.7 * $y[$k])) * $f

for $k in range(3):
    $p = 0.3 * ($y[$k] * 7.0)
    $y[$k] = ($p - np.floor($p)) * $f

for $k in range(3):
    $p = 0.6 * ($f * $y[$k])
    if $p >= $x[$k] * 0.2:
        $y[$k] = $p * $y[$k]

for $k in range(3):
    $u = 0.6 * ($x * $y[$k])
    $y[$k] = $u[np.argmax($u)] * $f + $u[3 - np.argmax($u)]

$p = 0
for $k in range(n):
    $p = $p + $x[$k]
$u = np.array([$p, $p, $p, $p])
$a = np.sum($u * $x) + np.sum($u * $y) * $f

$u = np.arange(4) * sum($x[k] * 0.3 for k in range(n))
$a = np.sum($u * $x) + np.sum($u * $u) * $f

np.put($y, [1, 7, -6], $x[:3] * $f, mode='wrap')

np.put($y, [1, 9], $f, mode='clip')
"""

UNCOMMON = "\n\n".join(
    part.strip()
    for part in (SIZES, RAISED, TAPES, MADE, PATHS, KINDS, OVERLAPS, CUTS, STARS, BALANCE, GROWN, HIGHER, COPIES, AGAIN)
)
