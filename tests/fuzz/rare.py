"""What few programs have, drawn on purpose: every program wants two or three rare constructs, so that all pairs meet.

    ## nonlocal                          the construct; what it makes is in $a, and the result depends on it
    $b = $f
    def $h(p):
        nonlocal $b
        $b = $b * 0.7 + p
        @rare p                          the next one that the program wants, if it may stand here: p depends on it
        return $b * p
    $a = $h($f) + $h($g) * $b

Inside of functions that are differentiated (`@pure`) nothing is written that is not made there.
"""

from __future__ import annotations

from tests.fuzz.scenes import Bank
from tests.fuzz.tree import Node

TEMPLATES = """
## nonlocal, closure
$b = $f
def $h(p):
    nonlocal $b
    $b = $b * 0.7 + p
    @rare p
    return $b * p
$a = $h($f) + $h($g) * $b

$b = $g
def $h():
    nonlocal $b
    $b = np.sin($b) + $f
for $k in range(2):
    $h()
    @rare $b
$a = $b * $f

$b = $f
def $h(p, q=0.3):
    nonlocal $b
    if p > $p:
        $b = $b * q
        return p * $b
    $b += p * $f
    return $b
for $r in $x:
    $h($r)
$a = $b * $f

$b = $f
def $h(u):
    nonlocal $b
    for q in u:
        if q > $p:
            break
        $b = $b + q * $f
        @rare $b
    return $b * u[0]
$a = $h($x) + $h($e) * $b

$b = 0
$v = $x * $f
def $h(p):
    nonlocal $b
    $v[$b] = p * $f
    $b += 1
    return $v[0]
$a = $h($f) * $h($g) + np.sum($v)

## lists in a list
$R = [[$f, $g], [$f, 0.4]]
for $r in $R:
    $r[0] = $r[1] * $f
    @rare
$a = sum([sum(r) for r in $R])

$R = [[$f, $g], [$g, $f, 0.3]]
$R[0][0] *= $g
$R[-1].append($f)
$a = $R[0][0] * $R[-1][-1] + $R[1][0]

$R = []
for $k in range(2):
    $R.append([$f, $g])
    @rare
$a = sum(q * $f for r in $R for q in r)

$R = [[$f, 0.3], [$g, $f]]
$R[0], $R[1] = $R[1], $R[0]
$a = first_of($R) * $f + $R[0][1]

$R = [[$f * q for q in $x], [$f, $g]]
$a = sum([sum(r) * $f for r in $R]) + $R[0][-1]

## list of objects, object that changes
$B = [Body($x * 1.0), Body($e, $e)]
for $r in $B:
    $r.move($f)
    $r.mass = $r.mass * $f
    @rare
$a = sum(r.energy for r in $B)

$B = [Body($x * $f), Body($e, $x * 1.0, $g)]
$B[0].mass = $g
$B[1].pos[$i] *= $f
$a = $B[0].energy + $B[1].mass * np.sum($B[1].pos)

$B = []
for $k in range(2):
    $B.append(Body($e, $x * 1.0, $f))
    @rare
for $r in $B:
    $r.mass *= $f
$a = sum([r.mass * $f for r in $B]) + $B[0].pos[$i]

$B = [Body($e, $e, $f), Body($x * $f)]
$B[0].pull($B[1], $g)
$a = $B[0].mass * $B[1].energy + $B[0].energy

## list of objects, object
$h = [Spring($f), Spring($g, $f)]
$a = sum(o.force($f) for o in $h) * $h[0].scale

$h = [Spring(q, $f) for q in $x]
$a = $f
for $r in $h:
    $a = $a * 0.7 + $r.force($f)
    @rare $a

## nested grad, closure, pure
def $h(p):
    q = p * $f
    for k in range(3):
        if q > $p:
            break
        q = q * p + 0.2
    return q * $f
$a = adgen.grad($h)($f)

def $h(p):
    q = p * $f
    @pure q
    return q * p
$a = adgen.grad($h)($f) * $f

def $h(u):
    v = u * $f
    v[1:] *= u[:-1]
    @pure v
    return np.sum(v * v)
$u = adgen.grad($h)($x)
$a = np.sum($u * $x)

def $h(p):
    q = p * p
    @pure q
    return np.sin(q)
$b, $a = adgen.value_and_grad($h)($f)
$a = $a * $b

def $h(p):
    q = p * 0.5
    while q < 1.0:
        @pure q
        q = abs(q) + 0.5 * p * p + 0.3
    return q * p
$a = adgen.grad($h)($f)

def $h(p):
    v = $x * p
    filled(v, p)
    return np.sum(v * v) * $f
$a = adgen.grad($h)($f)

def $h(p):
    q = p * $f if p > $p else $f * p * p
    @pure q
    return q * q
$a = $f
for $k in range(2):
    $a = $a - 0.1 * adgen.grad($h)($a)

$a = adgen.grad(rolled)($f) * adgen.grad(wave)($g)

$u = adgen.grad(stored)($x) * $f
$a = np.sum($u * $x)

## match
$a = $f
match n:
    case 0:
        $a = $g
        @rare $a
    case 1 | 2:
        $a = $a * $f
        @rare $a
    case _:
        $a = $a * $a

$a = $f
match ($f, n):
    case ($r, 0 | 1) if $r > $p:
        $a = $r * $f
    case ($b, $k):
        $a = $b * $g + $k * $a
        @rare $a

$a = $f
for $k in range(4):
    match $k:
        case 0:
            continue
        case 1 | 2:
            $a = $a * $f + 0.1
            @rare $a
        case _:
            break

$a = $f
match [$f, $g]:
    case [p, q]:
        $a = $a * p + q
        @rare $a

## walrus
$a = ($b := $g) * $b + $f

$a = $f
if ($b := $g) > $p:
    $a = $a * $b
    @rare $a
$a = $a + $b * $f

$a = $f
$k = 0
while ($k := $k + 1) < 4:
    $a = $a * 0.8 + $f
    @rare $a

$a = sum([($b := q * $f) * $b for q in $x])

$a = wave($b := $f) * $b

## star
$a = gathered($f, *[$g, $f], weight=$f)

$a = spread($f, *($f, $g), last=$f)

$a, *$r = [$f, $g, $f]
$a = $a * $f + sum($r)

def $h(p, *rest, **more):
    for q in rest:
        p = p + q * more.get('s', 0.5)
        @rare p
    return p
$a = $h($f, $g, $f, s=$f)

$a = sum([*$x[:2], $f, *[$g, $f]]) * $f

$l = [$f, $g]
$a = spread(*$l, **{'last': $f}) * $l[0]

## 0-d
$Z = np.array($f)
$a = float($Z) * $f + np.sum($Z[None] * $x)

$Z = np.array($g)
$a = $f
for $r in $x:
    if $r > $Z:
        break
    $a = $a + $r * $Z
    @rare $a

$Z = np.array($f)
def $h(p):
    @rare p
    return p * $Z[()] + $Z
$a = $h($f) + $h($g)

$Z = np.array($f)
if $c:
    $Z = np.array($g) * $f
    @rare
$a = np.sum($Z * $x)

$Z = np.array($f)
for $k in range(2):
    $Z = np.array($Z * $f + 0.1)
    @rare
$a = $Z * $f

$Z = np.array($f * $f)
$u = $x * $Z
$u[1:] *= $Z
$a = np.sum($u * $x)

## complex
$C = $x * (1.0 + 0.5j) + $f
$C[1:] *= $C[:-1]
$a = np.sum($C.real * $C.imag)

$C = np.exp($x * 0.5j) * $f
for $k in range(2):
    $C = $C * $C[::-1] + $f
    @rare
$a = np.abs($C[$i]) ** 2 + np.sum($C.imag)

$C = np.zeros(4, dtype=complex)
for $k in range(4):
    $C[$k] = $x[$k] * (0.3 + 0.7j) * $f
    if $C[$k].imag > $p:
        break
$a = np.sum(np.conj($C) * $C).real + np.sum($C.imag)

$C = ($f + 1j * $g) * $x
$a = np.sum(np.where($x > $p, $C, np.conj($C) * 0.5).imag) + np.abs(np.sum($C)) ** 2

## none
$N = None
for $r in $x:
    if $N is None or $r > $N:
        $N = $r * $f
$a = $N * $f

$N = $f if $c else None
$a = $g if $N is None else $N * $f

$a = optional($f) + optional($f, $g)

def $h(p, q=None):
    if q is None:
        q = p * $f
        @rare q
    return p * q
$a = $h($f) + $h($f, $g)

$N = None
$a = $f
for $k in range(3):
    if $N is not None:
        $a = $a * $N
        @rare $a
    $N = $a + $f

$r = found_in($x, $p)
$a = $f if $r is None else $r * $g

## loop else
$a = $f
for $k in range(3):
    $a = $a * 0.8 + $f
    if $a > $p:
        break
    @rare $a
else:
    $a = $a * $g

$a = $f
for $r in $x:
    if $r > $p:
        $a = $r * $f
        @rare $a
        break
    $a = $a + $r * $r
else:
    $a = $g
    @rare $a

$a = $f
$k = 0
while $k < 3:
    $k += 1
    $a = np.sin($a) + $f
    if $a > $p:
        break
else:
    $a = $a * $a
    @rare $a

## try
$a = $f
try:
    $a = $a * $g
    @rare $a
finally:
    $a = $a * $f + 0.1

$a = $f
for $k in range(2):
    try:
        if $a > $p:
            continue
        $a = $a * $g + 0.2
        @rare $a
    finally:
        $a = np.tanh($a)

## with
$a = $f
with np.errstate(all='ignore'):
    $a = $a * $g
    @rare $a

$a = $f
for $k in range(2):
    with np.errstate(divide='ignore'):
        if $a > $p:
            break
        $a = $a * $f + $g

## dict
$D = {'p': $f, 'q': $e}
$D['p'] *= $g
$D['q'][$i] = $f
$a = $D['p'] * np.sum($D['q'])

$D = {'p': $f, 'q': $x * $f}
for $k in range(2):
    $D['p'] = $D['p'] * $f + 0.2
    @rare
$a = $D['p'] + np.sum($D['q'])

$a = sum(v * $f for v in {'p': $f, 'r': $g}.values())

## swap
$a = $f
$b = $g
for $k in range(n):
    $a, $b = $b, $a
    $a = $a * $f + 0.1
    @rare $a
$a = $a * $b + $b

$u = $x * $f
$u[0], $u[-1] = $u[-1], $u[0]
$a = np.sum($u * $x)

$u = $x * $f
$v = $e
for $k in range(2):
    $u, $v = $v, $u
    $u[$k] = $f
    @rare
$a = np.sum($u * $v * $v)

## callee writes, call, store
$u = $x * $f
filled($u, $g)
$a = np.sum($u * $u)

$u = $e
$a = deepest($u, $f) + np.sum($u)

$u = $x * $f
for $k in range(2):
    filled($u[1:], $f)
    $u[0] += $u[-1] * $f
    @rare
$a = np.sum($u * $x)

$u = $x * $f
$v = $e
$a = mixed($u, $v, $g) + np.sum($u * $v)

$l = [$f, $g]
kept($l, $f)
$a = sum($l) * $l[0]

## while
$k = 0
$a = $f
while $a < $p + 0.5 and $k < 4:
    $k += 1
    $a = $a * 1.4 + 0.5 * $f ** 2 + 0.2
    @rare $a

$k = 0
$a = $f
while True:
    $k += 1
    $a = $a * $f + 0.3
    if $a > $p or $k > 2:
        break
    @rare $a

## object
$r = Spring($f, $g)
$a = $r.force($f) + $r.scale * $f

$r = State($x, $e)
$a = np.sum($r.pos * $r.vel) * $f

$a = sum(Pair($f, $g).swapped()) * Pair($f).two

$r = Spring($f)
$a = $f
for $k in range(2):
    $a = $a + $r($a) * 0.4
    @rare $a

## recursion, call
$a = power_of($g, n) * $f

$a = even_steps($f, n) + two_ways($f, 2)[1]

def $h(p, k):
    if k == 0:
        return p * $f
    return $h(p * 0.8, k - 1) + $f
$a = $h($f, n)

$u = $x * $f
faded($u, 0, $g)
$a = np.sum($u * $u)

## mask
$u = $x * $f
$u[$u > $p] *= $g
$a = np.sum($u * $x)

$u = np.where($x > $p, $x * $f, $g)
$a = np.sum($u * $u)

$u = $e
$u[$x < $p] = $f
$a = np.sum($u * $u)
"""
BANK = Bank(TEMPLATES)
MADE = {}
for _tags, _lines in BANK.rows:
    _name = {"loop else": "else of a loop", "try": "try or with", "with": "try or with"}.get(_tags[0], _tags[0])
    MADE.setdefault(_name, []).append((_tags, _lines))
OF_THE_WHOLE = ("float32", "structured result")
WEIGHTS = {
    "nonlocal": 2.0,
    "lists in a list": 2.0,
    "list of objects": 2.0,
    "nested grad": 1.5,
    "none": 1.5,
    "star": 1.5,
}
WANTED = [*MADE, *OF_THE_WHOLE]
HOW_MANY = (0, 2, 2, 2, 3)


class Rare:
    """Draws what a program is to have; needs the methods of the other parts."""

    def wishes(self):
        """The constructs that this program is to have."""
        self.wanted, self.owed, self.inside_derivative = [], [], False
        while len(self.wanted) < HOW_MANY[self.seed % len(HOW_MANY)]:
            name = self.which([(WEIGHTS.get(name, 1.0), name) for name in WANTED])
            if name not in self.wanted:
                self.wanted.append(name)
        whole = [name for name in self.wanted if name in OF_THE_WHOLE]
        self.wanted = [name for name in self.wanted if name not in whole]
        return whole

    def bring(self, s):
        """Statements with the next construct that is wanted, and the number that they make."""
        name = self.wanted.pop()
        before, self.inside_derivative = self.inside_derivative, self.inside_derivative or name == "nested grad"
        tags, lines = self.pick(MADE[name])
        names = self.names(s, "\n".join(lines))
        made = self.filled(s, [tag for tag in tags if tag != "pure"], lines, names)
        self.inside_derivative = before
        return made, names["a"]

    def brought(self, s):
        """The same where statements are drawn: the result depends on it."""
        outer = [name for name in s.kinds["f"] if name.isidentifier()]
        made, number = self.bring(s)
        if self.depth:
            return [*made, Node(f"{self.pick(outer)} += {number} * 0.4")]
        self.owed.append(number)
        return made

    def joined(self, s, line):
        """Inside of a template: `@rare p`, and p depends on it."""
        pure, name = line.startswith("@pure"), line.partition(" ")[2]
        if not self.wanted or self.inside_derivative and not pure:
            return []
        made, number = self.bring(s)
        return [*made, *([Node(f"{name} = {name} + {number} * 0.3")] if name else [])]
