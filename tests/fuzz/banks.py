"""The templates of `scenes.py`, by kind: objects, elements of lists and dicts, recursion, and other forms.

Every template is made of what is dangerous: two names of one array, arrays that objects and lists share, writes in
callees and loops, exits between writes.
"""

from tests.fuzz.forms import FORMS
from tests.fuzz.library import LIBRARY
from tests.fuzz.uncommon import UNCOMMON
from tests.fuzz.wide import WIDE

OBJECTS = """
## object that changes
$O = Body($x.copy(), $e)

$O = Body($y, $e, $f)

$O = Body($y, $w)

$O = Body($y)

$O = Body($x, mass=$g)

$O = Heavy($y, $f)

$O = Body.at_rest($e)

$O = Body($o.pos, $w, $o.mass)

## object that changes, alias
$O = $o

$O = $o if $c else $o2

$O = $o.move($f)

$O = $o + $o2

$u = $o.pos

$o.vel = $y

$o.pos = $y

$o.pos = $o2.vel

$o.pos, $o2.pos = $o2.pos, $o.pos

$o.pos, $y = $y, $o.pos

## object that changes, field store
$o.mass $op $g

$o.mass = $o2.mass * $f

$o.pos[$i] $op $g

$o.pos[1:] $op $o.vel[:-1] * $f

$o.vel *= $f

$o.pos += $e

$o.pos = $e

$o.pos[:] = $o2.pos[::-1] * $f

setattr($o, 'mass', $g)

## object that changes, call, callee writes
$o.move($f)

$o.jump($g)

$o.turn()

$o.pull($o2, $f)

$o.move($f).move($f)

$a = $o.settle($p)

$a = $o.settle($p) + $o.energy

kicked($o, $f)

$a = collide($o, $o2, $f)

$a = kicked(Body($y, $w), $f)

$a = $o.energy * $f

$a = $o[$i] + $o.drag($f)

## object that changes, loop
for $k in range(n):
    $o.move($f)
    @body

for $k in range(n):
    $o.jump($f)
    if $o.mass > $p:
        break
    $o.pos[$k] *= $f

for $k in range(3):
    $o.pull($o2, $f)
    if $c:
        $o.turn()
    @body

while $o.mass < $p:
    $o.mass += 0.3
    $o.vel[0] = $o.pos[-1] * $f
    @body

for $r in [$o, $o2]:
    $r.move($f)
    $r.mass *= $f

for $r in ($o, $o2):
    $r.pos[0] = $r.vel[1] * $f
    $r.jump($f)

for $k in range(2):
    $o.pos, $o.vel = $o.vel, $o.pos
    $o.pos[$k] $op $f

for $r in $o.pos:
    $o.mass += $r * $f

## object that changes, branch
if $c:
    $o.pos = $y
else:
    $o.pos[$i] = $f

if $c:
    $o.mass = $f
    $o.turn()

if $c:
    $o.pos = $o.vel

## object that changes, list of objects
$B = [$o, $o2]

$B = [Body($x * 1.0), Body($e, $e)]

$B = [Body($x * $f) for $r in range(2)]

$B = []
for $k in range(2):
    $B.append(Body($e, $x * 1.0, $f))

$bs[0].mass $op $f

$bs[-1].pos[$i] $op $g

$bs[0].move($f)

$bs[0].pull($bs[-1], $f)

$bs.append(Body($e, $e))

$bs[0].pos = $bs[-1].vel * $f

for $r in $bs:
    $r.move($f)
    $r.mass = $r.mass * $f

all_moved($bs, $f)

$a = sum([$r.mass * $f for $r in $bs])

$a = sum($r.energy for $r in $bs)

$r = $bs[0]
$r.mass = $f

$bs[0], $bs[-1] = $bs[-1], $bs[0]

## object that changes, small object
$T = Tank($f)

$T = Tank($g, rate=$f)

$T = Tank($f, $t.level)

$a = $t.fill($f)

$t.drain()

$t.level $op $f

$t.log.append($f)

$a = sum($t.log)

$t.fill($f); $t.drain(); $t.rate = $t.level * 0.5

for $k in range(n):
    $t.fill($f)
    if $t.level > $p:
        $t.drain()
        continue
    @body

for $r in $x:
    $t.fill($r)
    if $t.count > 2:
        break

$a = $t.warmth + $t.count * 0.1

$T = $t

$T = $t if $c else Tank($f)

$a = emptied($t, $f)

## object that changes, dataclass
$r = State($x, $y)
$r.pos = $r.vel * $f
$a = np.sum($r.pos * $r.vel)

$r = State($y, $w)
$r.pos[$i] $op $f
$u = $r.vel * $f

$r = State($f, $g)
for $k in range(n):
    $r.pos, $r.vel = $r.pos + 0.3 * $r.vel, $r.vel - 0.3 * $r.pos
$a = $r.pos + $r.vel

$r = State($y, [$f, $g])
$r.vel.append($f)
$r.vel[0] *= $f
$a = sum($r.vel)

$r = replace(State($y, $w), pos=$e)
$r.vel[$i] = $f
$u = $r.pos * 1.0
"""

ELEMENTS = """
## array list
$H = [$e, $e]

$H = [np.zeros(4), $x * $f]

$H = [$e for $r in range(2)]

$H = [$x.copy(), $y.copy()]

$H = [$y, $w]

$H = [$y[::-1], $e]

$H = []
for $k in range(3):
    $H.append($e)

## array list, deep store
$hs[0][$i] $op $g

$hs[-1][1:] $op $hs[0][:-1] * $f

$hs[0] $op $e

$hs[-1] = $e

$hs[n % len($hs)][$i] $op $f

$hs[0][:] = $hs[-1]

$hs[0][:] = $e

filled($hs[0], $f)

$a = deepest($hs[-1], $f)

$a = mixed($hs[0], $hs[-1], $f)

$hs[0], $hs[-1] = $hs[-1], $hs[0]

$hs[0] = $hs[-1] * $f

$hs[0] = $hs2[-1].copy()

$hs[0] = $hs[-1]

relaxed_all($hs, $f)

## array list, loop
for $k in range(len($hs)):
    $hs[$k][0] $op $f
    @body

for $r in $hs:
    $r *= $f

for $k, $r in enumerate($hs):
    $r[$k] = $f
    @body

for $r in $hs:
    $r[0] = $hs[0][-1] * $f

for $k in range(1, len($hs)):
    $hs[$k][:] = $hs[$k - 1] * $f
    if $c:
        continue
    $hs[$k - 1][0] += $f

## array list, alias
$r = $hs[0]
$r[$i] $op $f

$r = $hs[-1]
$hs[-1][$i] $op $f
$a = np.sum($r) * $f

$v = $hs[0].copy()
$hs[0][$i] = $f

$r = $hs[:]
$hs[0] = $e
$a = np.sum($r[0])

$H = [$r * $f for $r in $hs]

$H = list($hs)

$H = $hs + [$e]

$H = $hs[::-1]

$hs.append($hs[0] * $f)

$hs.append($hs[0])

$hs.extend([$e, $e])

if len($hs) > 1:
    del $hs[0]

$a = np.sum(np.array($hs)) * $f

$a = np.sum(np.stack($hs) * $f)

$u = sum($hs) * $f

$u = np.sum($hs, axis=0)

$u = max($hs, key=lambda r: r[0]) * $f

## lists in a list
$R = [[$f, $g], [$f, 0.4]]

$R = [[$f] * 2 for _ in range(2)]

$R = [[$f * q for q in $x] for _ in range(3)]

$R = []
for $k in range(2):
    $R.append([$f, $g])

$rs[0][0] $op $g

$rs[-1][1] $op $f

$rs[0][-1] = $rs[-1][0] * $f

$rs[0].append($g)

$rs[-1].insert(0, $f)

$rs.append([$f, $g])

$rs[0][0], $rs[-1][0] = $rs[-1][0], $rs[0][0]

$rs[0] = [$f, $g]

$rs[0], $rs[-1] = $rs[-1], $rs[0]

$a = $rs[0][0] * $rs[-1][-1]

$a = sum([sum(r) for r in $rs])

$a = sum(q * $f for r in $rs for q in r)

for $r in $rs:
    $r[0] = $r[1] * $f

$r = $rs[0]
$r[0] = $f

$r = $rs[-1]
$rs[-1][0] $op $f
$a = $r[0] * $r[1]

$b = first_of($rs) * $f

$u = np.array([$r[0] * $f for $r in $rs] * 4)[:4]

## list, order
$l = sorted($xs)

$l = sorted($xs, reverse=True)

$l = sorted($x, key=lambda q: -q)

$xs.sort()

$xs.sort(reverse=True)

$xs.reverse()

$xs.insert(1, $f)

$xs[1:] = [$f, $g]

$xs[:1] = [$f]

$xs[:0] = [$f]

$xs[1:2] = []
$xs.append($f)

if len($xs) > 1:
    del $xs[0]

if len($xs) > 1:
    $a = $xs.pop(0)
    $xs.append($a * $f)

$a, *$r = $xs
$b = sum($r) * $f

*$r, $a = [*$xs, $f]

$l = $xs
$l.append($f)

$l = $xs[:]
$xs[0] = $f

$l = $xs * 2

$l = $xs * n + [$f]
$l[0] = $l[-1] * $g

$l = $xs[-2:]

$l = $xs[1:] + $xs[:1]

$a = sum($xs[:-1]) * $f

$a = sum($xs[-2:]) * $f + sum($xs[:2])

$l = [$f, $g, 0.3, 0.2, 0.1]
for $k in range(n):
    $xs, $l = $l, $xs

$l = [$f]
for $k in range(3):
    $l, $xs = $xs, $l
    @body

for $k in range(len($xs) - 1):
    if $xs[$k] > $xs[$k + 1]:
        $xs[$k], $xs[$k + 1] = $xs[$k + 1], $xs[$k]

for $k in range(1, len($xs)):
    $xs[$k] += $xs[$k - 1] * $f
    if $xs[$k] > $p:
        break

while len($xs) < 4:
    $xs.append($xs[-1] * $f)
    @body

while len($xs) > 1:
    $a = $xs.pop()
    $xs[-1] += $a * $f

kept($xs, $f)

## dict, dict of arrays
$D = {'p': $f, 'q': $e}

$D = {'p': $g, 'q': $y}

$D = dict(p=$f, q=$x * 1.0)

$d['p'] $op $g

$d['q'][$i] $op $g

$d['q'] $op $e

$d['q'] = $d['q'] * $d['p']

$d['q'] = $y

$r = $d['q']
$r[$i] = $f

$d['r'] = $f

$d.update(p=$f)

$d.update({'p': $f, 'q': $e})

$D = {**$d, 'p': $f}

$D = $d.copy()
$d['q'][$i] = $f

$D = $d

$a = $d.setdefault('p', $f) + $d.get('w', $f)

$a = $d['p'] * np.sum($d['q'])

for $k in range(n):
    $d['p'] = $d['p'] * $f
    $d['q'][0] += $d['p']
    @body

for $r in ('p', 'q'):
    $d[$r] = $d[$r] * $f

for $r in $d:
    $d[$r] *= $f

bumped($d, $f)

if $c:
    $d['p'] = $f
else:
    $d['q'][$i] = $f

$a, $b = ($d['p'], $f)
$d['p'], $d['r'] = $b, $a

$r = {'h': $d}
$r['h']['p'] *= $f

$r = {'h': [$f, $g]}
$r['h'].append($f)
$r['h'][0] = $g
$a = sum($r['h'])

$r = {k: v * 0.5 for k, v in [('p', $f), ('r', $g)]}
$r['p'] += $r['r']
$a = $r.pop('p') + $r['r']

## tuple, alias
$r = ($y, $w)
$r[0][$i] $op $f
$u = $r[1] * $f

$r = ($y, [$f, $g])
$r[1].append($f)
$r[1][0] *= $f
$a = sum($r[1])

$r = Pair($y, $f)
$r.one[$i] = $r.two
$a = $r.one[0] * $r.two
"""

RECURSION = """
## recursion, call
$a = power_of($f, n)

$a = power_of($g, 3) * $f

$a = halved($x, 0, 4)

$a = even_steps($f, n)

$a = fine($f, 1.3, n)

$a = weighed($x, n, scale=$f)

$a = horner($xs, $f)

$u = doubled($x, n)

$u = rotated($e, n)

$a, $b = two_ways($f, n)

$a = twice($f, n) + twice_fwd($f, 2)

$a = twice_fwd($f, n) * twice($g, 1)

## recursion, callee writes, store
faded($y, 0, $f)

faded($y[1:], 0, $f)

faded($y[::-1], 0, $f)

faded($m[$i], 0, $f)

$a = smoothed($y, n)

$a = smoothed($y, 2) + $y[0]

$a = crossed($y, $w, n)

$a = crossed($y, $w.copy(), 2)

sifted($y, 0, 3)

$a = kept_in($y, n, $f)

$a = stopped_early($y, 3, $p)

relax_row($m, n)

$u = filled_up(np.zeros(4), $x, 0)

## recursion, loop
for $k in range(n):
    $a = smoothed($y, $k)
    $y[$k] += $a * $f

for $k in range(2):
    faded($y, $k, $f)
    @body

for $k in range(3):
    if power_of($f, $k) > $p:
        break
    $y[$k] *= power_of($f, $k)

$a = $f
while $a < $p:
    $a = $a + 0.3 + power_of($f, 2) ** 2
    @body

## recursion, closure
def $h(p, k):
    if k == 0:
        return p * $f
    return $h(p * 0.8, k - 1) + $f
$a = $h($f, n)

def $h(k):
    if k < 0:
        return $f
    $y[k] = $y[k] * 0.7 + $f
    return $h(k - 1) * 0.9
$a = $h(n)

def $h(k):
    if k >= 4:
        return 0.0
    return $x[k] * $f + $h(k + 1)
$a = $h(0)
"""

OTHERS = """
## none
$N = None
for $r in $x:
    if $N is None or $r > $N:
        $N = $r
$a = $N * $f

$N = None
if $c:
    $N = $f
$a = $g if $N is None else $N * $f

$N = None
for $k in range(n):
    if $N is not None:
        $y[$k] *= $N
    $N = $f
    @body

$r = $f if $c else None
if $r is not None:
    $y[$i] $op $r

## loop
$a = $g
for $k in range(n + 1):
    $y[$k] *= $a * $a * 0.5 + 0.3 * $a
    @body

$l = []
pile = []
for $k in range(n + 1):
    $b = np.sin($f * $k + $g)
    for j in range(2):
        pile.append($b)
        $y[j] += $b * pile[-1] * 0.3
    $l.append($b)
$a = sum(pile) + sum($l) * $f

$a = $f
def $h():
    for q in range(3):
        yield $a * q + 0.3
for $r in $h():
    $a = $a * 0.5 + $r * 0.1

## none

$a = optional($f) + optional($f, $g)

$a = found_in($x, $p) or $f

$r = found_in($x, $p)
if $r is None:
    $r = $f
$a = $r * $f

$r = found_in($x, $p)
$a = $f if $r is None else $r
$y[0] = $a

$N = None
while $N is None or $N < $p:
    $N = 0.2 if $N is None else $N + 0.4
    @body

## nonlocal
$b = $f
def $h(p):
    nonlocal $b
    $b = $b * p + 0.1
    return $b
$a = $h($f) + $h($g) * $b

$b = 0.0
def $h(p):
    nonlocal $b
    if p > $p:
        return p
    $b += p * $f
    return $b
for $r in $x:
    $h($r)
$a = $b * $f

$b = $f
def $h():
    nonlocal $b
    $y[$i] = $b
    $b = $y[0] * $f
$h(); $h()

## closure
def $h(u, p=$f):
    u[0] $op p
    return u
$u = $h($y) * $f

def $h(u, *us, **more):
    for r in us:
        u[0] += r * more.get('s', 0.5)
    return u[0]
$a = $h($y, $f, $g, s=$f)

def $h(p):
    def inner(q):
        return p * q + $f
    return inner
$a = $h($f)($g)

$h = lambda u: u * $f
$u = $h($e) + $h($x)

$r = [lambda p: p * $f, lambda p: p + $g]
$a = $r[0]($f) + $r[1]($f)

$r = [lambda p: p * q + $f for q in range(3)]
$a = $r[0]($f) + $r[2]($g)

$r = [lambda p, q=q: p * q * $f for q in (0.2, $g)]
for $h in $r:
    $a = $h($f) + $g

$r = []
$r.append(lambda p: p * $f)
$r.append(lambda p: p + $g)
for $h in $r:
    @body
    $a = $h($f)

$h = lambda p: p * $p + $f
$a = sum($h($f) * $p for $p in ($g, 0.5))

## star
$a = gathered(*$xs)

$a = gathered(*$xs[:2], $f, weight=$f)

$a = gathered($f, **{'weight': $f, 'scale': $g})

$a = spread($f, *[$f, $g], last=$f)

$a, $b = damped(*($f, $g), scale=$f)

$a, $b, *_ = [*$xs, $f, $g]

$l = [p * q for p, q in zip(*[$xs, $xs])]

## try
try:
    $a = $f
    $y[$i] = $a * $f
finally:
    $y[0] *= $f

$a = float($g)
try:
    $b = math.sqrt($a)
except ValueError:
    $b = $f

$a = float($g)
try:
    $b = math.log($a) * 0.3
except ValueError:
    $b = $f
else:
    $b += $f
finally:
    $y[0] *= 0.9

try:
    $a = b / a
except ZeroDivisionError:
    $a = $f

$d = {0: $f}
for $k in range(n):
    try:
        $d[$k % 2] += $f
    except KeyError:
        $d[$k % 2] = $g
        @body
$a = $d[0]

try:
    $a = $xs[n] * $f
except IndexError:
    $a = $g

for $k in range(n):
    try:
        if $c:
            continue
        $y[$k] = $f
    finally:
        $y[0] *= $f

for $k in range(n):
    try:
        if $c:
            break
        $y[$k] = $f
    finally:
        $y[-1] += $f

## with
with np.errstate(divide='ignore'):
    $y[$i] = $f
    @body

with np.errstate(all='ignore'), np.errstate(invalid='ignore'):
    $a = $f
    $y[$i] *= $a

for $k in range(n):
    with np.errstate(all='ignore'):
        if $c:
            break
        $y[$k] = $f

## match
match n:
    case 0:
        $y[$i] = $f
    case 1 | 2:
        $y[0] *= $f
    case _:
        $y = $e

match ($f, n):
    case ($a, 0):
        $y[$i] = $a
    case ($a, 1 | 2) if $a > $p:
        $y[$i] += $a * $f
    case _:
        $y[0] = $f

match $xs:
    case [$a]:
        $y[0] = $a
    case [$a, $b, *_]:
        $y[0] = $a * $b

match [$f, $g]:
    case [$a, $b]:
        $y[$i] $op $a * $b

match {'p': $f, 'k': 1}:
    case {'p': $a, 'k': 1}:
        $y[0] = $a

match Spring($f):
    case Spring(rate=$a):
        $y[0] = $a

for $k in range(n):
    match $k:
        case 0:
            continue
        case 1:
            $y[$k] *= $f
        case _:
            break

## 0-d
$Z = np.array($f)

$z $op $f

$a = $z[()] * $f + np.sum($z[None] * $x)

$a = np.sum($z[None, None] * $f) + $z

$a = np.sum($z[None] * np.ones(3)) * $f + np.sum($z[...] * $x)

$a = float($z) * $f

$u = $x * $z

$a = $z.item() * $f

## 0-d, store
$z[()] $op $f

$z[...] = $g

$r = $z
$r[()] = $f
$a = $z * $f

$r = $z
$z $op $f
$a = $r * $g

for $k in range(n):
    $z[...] = $z * $f
    $y[$k] = $z[()]
    if $z > $p:
        break

$y[$i] = $z
$z[()] = $y[0]

if $c:
    $z[()] = $f
$a = $z * $z

np.add($z, $f, out=$z)

np.multiply($f, $g, out=$z)
$a = $z[()] * $f

$b = $z[()]
$z.fill($f)
$a = $b * $z

$Z = np.zeros(())
for $k in range(n):
    $Z += $y[$k] * $f
    $z[...] = $Z * $g

$Z = np.ones(())
$r = $z if $c else $Z
$r[...] = $f
$a = $z * $Z

def $h(p):
    $z[...] = $z * 0.5 + p
    return p * $f
$a = $h($f) + $h($g)

def $h(q, p):
    q += p
    return p
$a = $h($z, $f) * $z

$r = $y[..., 0]
$r *= $f
$y[1] += $r

$r = $y[1, ...]
$y[1] = $f
$a = $r * $g

for $k in range(n):
    $r = $y[$k, ...]
    $r += $f
    $r *= $r

## number or array
$r = $f
if n > 1:
    $r = $x * $f
$u = $x * $r
$a = np.sum($r) * $f

$r = $f
for $k in range(n):
    $r = $r * $x
$a = np.sum($r)

$r = $f if $c else $x
$a = np.sum($r * $x) * $f

if $c:
    $r = $f
else:
    $r = $x * $f
$u = $r * $x
$a = np.sum($r * $r)

$r = 0.0
for $b in $x:
    $r = $r + $x * $b
    if np.sum($r) > $p:
        break
$a = np.sum($r)

## members
$y[:] = [$f]

$y[:] = [$f, $g, $f, 0.3]

$y[1:3] = ($f, $g)

$m[:] = [$x]

$m[1:3] = [$x, $y]

$m[:, :2] = [$f, $g]

$y += [$f, $g, $f, 0.3]

$a = np.sum(+$y * $f)

$u = +$x

$u = $x / $f - $f / (2.0 + $x ** 2)

## whole loop
for $k in range(1, 4):
    $y[$k] = $y[$k - 1] * $f
    if $y[$k] > $p:
        break
    $y[0] += $f

for $k in reversed(range(4)):
    $y[$k] *= $f
    if $y[$k] > $p:
        break

for $k in reversed(range(1, 4)):
    $y[$k] += $y[$k - 1] * $f
    if $y[$k] > $p:
        break

for $k in range(3, 0, -1):
    $y[$k] = $y[$k - 1] * $f
    if $c:
        break
    $y[0] *= $f

for $k in range(0, 4, 2):
    $y[$k] += $f * $y[$k + 1]
    if $y[$k] > $p:
        break

for $k in reversed(range(0, 4, 3)):
    $y[$k] *= $f
    if $y[$k] > $p:
        break
    $y[1] = $y[$k] * $f

for $k, $r in enumerate(reversed($x)):
    $y[$k] += $r * $f
    if $y[$k] > $p:
        break

## nested grad, order 2
$a = adgen.grad(lambda t: adgen.grad(wave)(t) * t)($f)

$a = adgen.grad(rolled)($f)

$a = adgen.grad(rolled)($f) * adgen.grad(wave)($g)

$a = adgen.grad(lambda t: rolled(t) * $f)($f)

$a = adgen.grad(lambda t: np.sum($x * t) ** 2)($f)

$u = adgen.grad(stored)($x) * $f

$u = adgen.grad(lambda u: np.sum(u * u * $f))($e)

$a = adgen.grad(power_of)($f, 3)

$b, $a = adgen.value_and_grad(rolled)($f)

$b, $a = adgen.jvp(wave, ($f,), ($g,))

$a = $f
for $k in range(n):
    $a = $a - 0.1 * adgen.grad(wave)($a)

$y -= 0.1 * adgen.grad(energy)($y)

for $k in range(n):
    $y[$k] -= 0.1 * adgen.grad(wave)($y[$k])
    @body

## comprehension
$l = [$r * $f for $r in $x if $r > $p]

$a = sum($r * $f for $r in $x if $r > $p)

$l = [$r if $r > $p else $f for $r in $x]

$a = sum(sum(q * $f for q in r) for r in $hs)

$a = sum($y[j] * $f for j in range(4) if j != n)

$l = [(b := $r * $f) + b for $r in $x]

$a = sum(map(lambda p, q: p * q, $x, $xs))

$l = list(filter(lambda q: q > $p, $x))
$l.append($f)

$l = [q for k, q in enumerate($x) if k % 2]

## whole loop
for $k in range(4):
    if $y[$k] > $p:
        continue
    for $r in range($k):
        $y[$k] += $y[$r] * $f
        if $y[$k] > 1.2:
            break
    else:
        $y[$k] *= $f

for $k in range(3):
    $r = $y
    $y = $y * $f
    $y[$k] = $r[$k]

for $k in range(n):
    $y, $w = $w, $y * $f
    @body

for $k in range(n):
    $r = $y[$k:]
    $r *= $f
    if $r[0] > $p:
        break
    $y[0] = $f

$r = 0
while True:
    $r += 1
    if $r > 3:
        break
    if $c:
        $y[$r] = $f
        continue
    $y[0] += $f
    @body
"""

SELDOM = """
## object that changes, list of objects
for $r in $bs:
    $r.pos[0] = $r.pos[-1] * $f
    if $r.mass > $p:
        break

## array list, loop
for $r in $hs:
    $r[1:] += $r[:-1] * $f
    if $r[0] > $p:
        break

for $r, $b in zip($hs, $x):
    $r[0] = $r[1] * $b

## array list, alias
$hs.insert(0, $e)

del $hs[1:]

$hs[1:] = [$e]

$hs.reverse()

## lists in a list
$R = [list($x), [$g, $f]]

for $r in $rs:
    $r.append($f)
    if $r[0] > $p:
        break

for $k in range(len($rs)):
    $rs[$k][0] += $f
    @body

for $k in range(1, len($rs)):
    $rs[$k][0] = $rs[$k - 1][1] * $f
    $rs[$k - 1][1] $op $f

lowered_all($rs, $f)

## list, order
$l = [*$xs, *$x]

for $k, $r in enumerate($xs):
    $xs[$k] = $r * $f

## recursion, call
$a = nested_sum((($f, $g), [$f, ($g, 0.3)]))

$a = tracked($f, n, [])

## recursion, callee writes, store
$o.halve(n)

## star
$u = np.array([*$x[:2], $f, $g])

## try
try:
    $a = $f / $f
except ZeroDivisionError:
    $a = $f

## comprehension
$r = {k: v * $f for k, v in enumerate($x)}
$a = $r[0] + $r[2]

$a = max((q * $f for q in $x), default=0.3)

## try
try:
    $a = math.sqrt($g)
except ValueError:
    $a = $f

## try
try:
    $a = math.log($g) * 0.3
except ValueError:
    $a = $f
else:
    $a += $f
finally:
    $y[0] *= 0.9
"""

BANKS = {"objects": OBJECTS, "elements": ELEMENTS, "recursion": RECURSION, "others": OTHERS, "seldom": SELDOM}
BANKS |= {"wide": f"{WIDE}\n\n{FORMS}\n\n{LIBRARY}\n\n{UNCOMMON}"}
