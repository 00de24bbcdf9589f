"""More templates for `scenes.py`: what programs use now and then, so that no branch of the compiler goes untried.

    ## text, operator                     texts decide, functions of libraries stand for syntax
    ## written by calls                   np.put, np.add.at, `out=`: calls that write to their arguments
    ## dict of computed keys, set         keys that are known only when the program runs

Weights keep each of them to every few hundred programs (`programs.SCENES`).
"""

TEXTS = """
## text
$r = f'{n}:{n + 1}'
$a = $f if $r == '1:2' else $g

$r = f'{n:>3d}|{$f:.2f}|{"p"}|{n!r:>4}'
$a = len($r) * 0.1 * $f

$r = f'{{{n}}}' + 'w'
$a = $f if $r.startswith('{1') else $g

$r = f'{"p"}-{3}-{0.5}'
$a = {'p-3-0.5': $f}[$r] * 0.7

$r = 'p' + str(n)
$a = $f if $r in ('p1', 'p2') else $g

$r = str(3) + repr('q') + str(True) + repr(0.5)
$a = len($r) * 0.1 * $f

$r = repr($f)
$a = $g if len($r) > 2 else $f

$r = 'PQR'.lower()[1]
$d['q'] $op $e
$a = np.sum($d[$r]) * $f

$r = 'p,q,r'.split(',')
$a = $f if $r[n % 3] == 'q' else $g

$r = str(n).zfill(3).replace('0', 'o')
$a = $f if $r.endswith('2') else $g
$y[$i] = $r.count('o') * $f

$r = ','.join([str(k) for k in range(n)])
$a = $r.find('1') * $f

$r = '-'.join('pq' if n > 1 else 'p')
$a = len($r) * $f

$r = '{} and {}'.format(n, 'p').split()
$a = len($r) * 0.2 * $f

$r = 'pqrs'[n % 4]
$a = $f if $r == 'q' else $g

$r = 'pqrs'[1:3] + 'pqrs'[-1]
$a = $f if $r == 'qrs' else $g

$r = 'pqrs'[n:]
$a = len($r) * 0.2 * $f

$r = 'pq' * 2
$a = $f if $r == 'pqpq' else $g

$r = 'p' * n
$a = len($r) * 0.2 * $f

$r = '%d of %d' % (1, 2)
$a = $f if $r == '1 of 2' else $g

$r = '%d' % n
$a = $f if $r == '1' else $g

$a = $f if ord('a') + n > 98 else $g

$a = ord(str(n)) * 0.01 * $f

$a = $f if chr(98) == 'b' and chr(97 + n) != 'c' else $g

$r = 'p=q'.partition('=')
$a = $f if $r[2] == 'q' else $g

$r = str(n).partition('1')
$a = $f if $r[1] else $g

for $r in 'pqp':
    $a = $f if $r == 'p' else $g
    $y[0] += $a * 0.3

for $k, $r in enumerate('pq'):
    $y[$k] *= $f if $r == 'q' else 0.9

$r = [str(k) for k in range(3)]
$a = $f if '2' in $r else $g
$y[0] = $f if $r[n % 3] == '1' else 0.4

$r = {'add': lambda p: p + $f, 'mul': lambda p: p * $f}
$a = $r['mul']($g) + $r['add']($f)

$r = {'add': lambda p: p + $f, 'mul': lambda p: p * $f}
for $h in ('add', 'mul'):
    $y[0] = $r[$h]($y[0]) * 0.5

## operator
$a = operator.add($f, $g) * operator.truediv($f, 1.7) - operator.pos($f)

$a = operator.sub($f, $g) + operator.pow($f, 2) + operator.mod($f, 0.73) * 0.1

$u = operator.matmul(np.outer($x, $y), $x) * $f

$a = $f if operator.lt($f, $p) else $g

$a = $f if operator.not_(n > 1) or operator.truth(n) else $g

$a = $f if operator.contains((1, 2), n) else $g

$a = operator.getitem($x, $i) * $f

$a = operator.countOf([0, 1, n], 1) * 0.1 * $f

$a = operator.indexOf([0, 1, 2, 3], n) * 0.1 * $f

$a = operator.abs($f) + operator.index(n) * $g

$a = operator.call(wave, $f) + operator.__neg__($g)

$a = operator.itemgetter(1)($x) * $f

$a, $b = operator.itemgetter(0, 2)($x)

$a = operator.attrgetter('mass')($o) * $f

$a = sum(operator.attrgetter('mass', 'drag')($o)[:1]) * $f

$a = operator.methodcaller('drag', $f)($o)

$a = operator.methodcaller('sum')($x) * $f

$a = operator.methodcaller('sum', axis=0)($x) * $f

$u = operator.iadd($y, $e)

$u = operator.imul($y, $f) * 0.7

$a = operator.iadd($f, $g) * operator.ipow($f, 2)

$a = sum(sorted($x, key=operator.neg)) * $f

$a = functools.reduce(operator.mul, [$f, $g, 0.7])

$a = functools.reduce(operator.add, $x) * $f

$a = sum(map(operator.mul, $x, $y)) * $f

## methods of ufuncs
$a = np.add.reduce($x) * $f + np.multiply.reduce($x) * 0.3

$u = np.add.reduce(np.outer($x, $y)) * $f

$u = np.add.reduce(np.outer($x, $y), axis=1) + np.add.reduce(np.outer($x, $y), 0)

$a = np.maximum.reduce($x) * $f - np.minimum.reduce($x)

$u = np.add.accumulate($x) * 0.4 + np.multiply.accumulate($x) * $f

$u = np.multiply.outer($x, $y)[1] + np.add.outer($x, $f)[..., :]

$u = np.subtract.outer($x, $x)[$i] * $f

$u = np.add.outer($f, $x) + np.multiply.outer($f, $g)

$u = np.sin.__call__($x) * $f

$a = $f if np.logical_and.reduce($x > -9.0) and not np.logical_or.reduce($y > 9.0) else $g

## functions of functions
$h = np.vectorize(lambda q: q * $f + 0.1)
$u = $h($x)

$h = np.vectorize(wave, otypes=[float])
$u = $h($x) * $f

$h = np.vectorize(np.sin)
$u = $h($x) * $f

$h = np.vectorize(lambda p, q: p * q * 0.5)
$u = $h($x, $f)

$h = np.vectorize(lambda p, q: p * q * 0.5)
$u = $h(np.outer($x, $y), $x)[$i]

$u = np.piecewise($x, [$x > $p], [lambda q: q * $f, 0.3])

$u = np.piecewise($x, [$x < -0.211, $x > 0.613], [lambda q: q * $f, wave, 0.2])

$u = np.piecewise($x, $x > $p, [wave, lambda q: q * 0.3]) * $f

$a = np.piecewise($g, [$g > $p], [lambda q: q * 0.5, lambda q: q * 0.3]) * $f

$u = np.piecewise($x, [$x > $p], [lambda q, w, s=0.3: q * w * s, 0.3], $f, s=0.7)

$u = np.apply_along_axis(np.sum, 0, np.outer($x, $y)) * $f

$u = np.apply_along_axis(lambda r: r * $f, 1, np.outer($x, $y))[$i]

$u = np.apply_along_axis(lambda r: r * $f, 0, np.outer($x, $y))[$i]

$u = np.apply_along_axis(lambda r: np.sum(r) * $f, 1, np.outer($x, $y))

$u = np.apply_along_axis(lambda r, s: r * s, 0, $x, $f)

$a = np.apply_along_axis(lambda r: np.sum(r * r), 1, np.outer($x, $y)[None] * $f).sum()

$a = np.apply_along_axis(lambda r: r * 0.3, 1, np.outer($x, $y)[None] * $f).sum()

$a = np.apply_over_axes(np.sum, np.outer($x, $y), [0, 1])[0, 0] * $f

$u = np.apply_over_axes(np.sum, np.outer($x, $y), 0)[0] * $f

$u = np.apply_over_axes(np.cumsum, np.outer($x, $y), (0,))[1] * $f

$u = np.fromfunction(lambda r, s: r * $f + s, (4, 4))[$i]

$u = np.fromfunction(lambda r: r * $f, (4,), dtype=int)

$u = np.fromfunction(lambda r, w: r * w, (4,), w=$f)

## axes as letters
$u = np.einsum(np.outer($x, $y), [0, 1], $x, [1], [0]) * $f

$a = np.einsum($x, [0], $y, [0]) * $f

$u = np.einsum(np.outer($x, $y), [..., 0], $x, [0]) * $f

$u = np.einsum('ij,jk->ik', np.outer($x, $y), np.outer($x, $y))[$i] * $f

$a = np.einsum('ii', np.outer($x, $y)) * $f + np.einsum('i,i', $x, $x)
"""

WRITTEN = """
## written by calls, store
np.copyto($y, $x)

np.copyto($y, $x * $f, where=$y > $p)

np.copyto($y, $f, where=$x > $p)

$r = np.outer($x, $y)
np.copyto($r, $x, casting='same_kind')
$a = np.sum($r) * $f

np.put($y, [0, 2], [$f, $g])

np.put($y, [0, 2, 3], $x[:2] * $f)

np.put($y, 1, $f)

$r = np.outer($x, $y)
np.put($r, [1, 6, 11], $x[:3] * $f)
$a = np.sum($r) * $f

$y.put([0, 3], $f)

np.put($y, idx[:2], $x[:2] * $f)

np.place($y, $x > $p, [$f, $g])

np.place($y, $y > $p, $f)

np.putmask($y, $x > $p, $f)

np.putmask($y, $x > $p, $x * $f)

np.putmask($y, $y > $p, [$f, $g])

np.put_along_axis($y, np.array([0, 2]), $x[:2] * $f, 0)

$r = np.outer($x, $y)
np.put_along_axis($r, np.argsort($r, axis=1), $r * $f, axis=1)
$a = np.sum($r) * $f

$r = np.outer($x, $y)
np.put_along_axis($r, np.array([[1, 0, 3, 2]]), $x * $f, axis=0)
$a = np.sum($r) * $f

$r = np.outer($x, $y)
np.fill_diagonal($r, $f)
$a = np.sum($r) * $f

$r = np.outer($x, $y)
np.fill_diagonal($r, $x * $f)
$a = np.sum($r) * $f

$y.sort()

$r = np.outer($x, $y)
$r.sort(axis=0)
$a = np.sum($r) * $f

$y.partition(2)
$a = $y[2] * $f

np.multiply.at($y, [0, 1, 1], $f)

np.multiply.at($y, idx, $x * 0.8)

np.divide.at($y, idx[:2], 1.5)

np.maximum.at($y, [0, 1], $x[:2] * $f)

np.minimum.at($y, $x > $p, 0.413)

$r = np.outer($x, $y)
np.multiply.at($r, ([0, 1, 1], [2, 3, 3]), $x[:3])
$a = np.sum($r) * $f

$r = np.outer($x, $y)
np.multiply.at($r, idx[:2], $x * 0.9)
$a = np.sum($r) * $f

np.add.at($y, [0, 1, 1], $f)

np.add.at($y, idx, $x * $f)

np.subtract.at($y, idx, $x * $f)

$r = np.outer($x, $y)
np.add.at($r, ([0, 1, 1], [2, 3, 3]), $f)
$a = np.sum($r) * $f

$r = np.outer($x, $y)
np.add.at($r, idx, $x * $f)
$a = np.sum($r) * $f

np.add.at($y, 1, $f)

np.add.at($y, $x > $p, $f)

## out of a call, store
np.add($x, $y, out=$y)

np.multiply($x, $f, $y)

np.sin($x, out=($y,))

np.sqrt($x, out=$y, where=$x > $p + 1.3)

np.log($x, out=$y, where=$x > 0.7)

np.exp($x * $f, out=$y, where=$y > $p)

np.add($x, $f, out=None)

$r = np.outer($x, $y)
np.dot($r, $x, out=$y)
$a = np.sum($r) * $f

$r = np.outer($x, $y)
np.matmul($r, $x * 1.0, out=$y)
$a = np.sum($r) * $f

$r = np.outer($x, $y)
np.sum($r, axis=0, out=$y)
$a = np.sum($r) * $f

$r = np.outer($x, $y)
np.mean($r * $f, axis=1, out=$y)
$a = np.sum($r) * $f

np.cumsum($x, out=$y)

np.clip($x, -0.413, 0.613, out=$y)

np.clip($x, -0.413, 0.613, $y)

$r = np.outer($x, $y)
np.outer($x, $x, out=$r)
$a = np.sum($r) * $f

$u = np.negative($x, out=$y) * $f

np.maximum($y[1:], $x[:-1], out=$y[:-1])

$r = np.outer($x, $y)
np.add.reduce($r, axis=1, out=$y)
$a = np.sum($r) * $f
"""

KEYED = """
## deque
$r = collections.deque()
for $k in range(n):
    $r.append($f * $k)
    $r.appendleft($g)
    @body
while len($r) > 1:
    $a = $r.popleft() * 0.7 + $r.pop()

$r = collections.deque([$f, $g, 0.3])
for $k in range(n):
    $r.append($r.popleft() * $f)
$a = sum($r) + $r[0] * $r[-1]

## list repeated
$l = [$f, $g]
$l *= 2
$l[0] *= $f
$a = sum($l)

$l = [$f * $k for $k in range(n)]
$l.append($g)
$l *= n + 1
$a = $l[-1] + $l[0]

## dict of computed keys
$r = {}
for $k in range(3):
    $r[$k] = $x[$k] * $f
$a = $r[1] + $r[n % 3]

$r = {}
for $k in range(3):
    $r[$k % 2] = $r.get($k % 2, 0.0) + $x[$k] * $f
$a = $r[0] * $r[1]

$r = {}
for $k in range(4):
    $r[$k % 2] = $r.get($k % 2, 0) - $x[$k] * $f
$a = sum($r.values())

$r = defaultdict(float)
for $k in range(4):
    $r[idx[$k]] += $x[$k] * $f
$a = sum([v * v for v in $r.values()])

$r = defaultdict(list)
for $k in range(3):
    $r[$k % 2].append($x[$k] * $f)
$a = sum($r[0]) + len($r[1])

$r = defaultdict(lambda: $f)
$r[n] *= $g
$a = $r[n] + $r[7]

$r = defaultdict(int)
for $k in range(n):
    $r[$k % 2] += 1
$a = $r[0] * $f

$r = {n: $f, n + 1: $g}
$a = $r[n] * 0.5 + $r.get(n + 1, 0.3)

$r = {n: $f, 1: $g}
$a = sum(v * 0.3 for v in $r.values())

$r = {1: $f, 2: $g}
$r[n] = $f * 0.5
$a = sum([v * 0.3 for v in $r.values()])

$r = {k: $x[k] * $f for k in range(n + 1)}
$a = sum([v * k for k, v in $r.items()])

$r = {k: $x[k] * $f for k in range(4) if $x[k] > $p}
for $k in $r:
    $y[$k] = $r[$k]

$r = {k: $x[k] * $f for k in range(n + 1)}
for $k in $r:
    $r[$k] *= 0.5
$a = $r[0]

$r = {k: $x[k] * $f for k in range(n + 1)}
for $k, $b in $r.items():
    $y[$k] += $b
$a = $r.pop(0) + $r.pop(5, $f)

$r = {k: $x[k] * $f for k in range(n + 2)}
del $r[0]
$a = sum($r.values())

$r = {k: $x[k] * $f for k in range(n + 1)}
$a = $r.setdefault(n, $g) + $r.setdefault(n + 3, $g)

$r = {k: $x[k] * $f for k in range(n + 1)}
$r.update({0: $g, 9: $f})
$r.update({5: $g}, **{'p': $f}) if False else None
$a = sum($r.values())

$r = {k: $x[k] * $f for k in range(n + 1)}
$h = {k: $x[k] * 0.3 for k in range(2)}
$r.update($h)
$a = sum($r.values())

$r = {k: $x[k] * $f for k in range(n + 1)}
$h = $r.copy()
$r[0] = $g
$a = $h[0] * $r[0]

$r = {k: $x[k] * $f for k in range(n + 1)}
$h = dict($r)
$h[0] += $g
$a = $h[0] * $r[0]

$r = {k: $x[k] * $f for k in range(n + 1)}
$h = {**$r, 0: $g}
$a = $h[0] * $r[0] + sum($h.values())

$r = {k: $x[k] * $f for k in range(n + 1)}
$r.clear()
$r[n] = $f
$a = $r[n] * len($r)

$r = dict(zip(range(4), $x))
$a = $r[n % 4] * $f

$r = dict([(n, $f), (n + 1, $g)])
$a = $r[n] * $r[n + 1]

$r = dict(enumerate($xs))
$a = $r[0] * $f

$r = dict.fromkeys(range(n + 1), $f)
$r[0] += $g
$a = sum($r.values())

$r = dict.fromkeys(('p', 'q'), $f)
$a = $r['p'] * $g

$r = {str(k): $x[k] * $f for k in range(3)}
$a = $r['1'] + $r[str(n % 3)]

$r = {(k, k + 1): $x[k] * $f for k in range(3)}
$a = $r[1, 2] * 0.5

$r = {(k, 'p'): $x[k] * $f for k in range(3)}
$r[n % 3, 'p'] *= $g
$a = sum($r.values())

$r = {k: $x * $f for k in range(2)}
$r[n % 2][0] *= $g
$u = $r[0] + $r[1]

$r = {k: $x[k] * $f for k in range(n + 1)}
$a = $f if n in $r and 9 not in $r else $g

$r = {k: $x[k] * $f for k in (2, 0, 1)}
$l = [$r[k] for k in sorted($r)]

$r = {k: $x[k] * $f for k in range(n + 1)}
$l = [v for k, v in sorted($r.items())]

$r = {k: $x[k] * $f for k in range(n + 1)}
$a = $r[max($r)] + $r[min($r)]

$r = {k: $x[k] * $f for k in range(n + 1)}
$l = list($r.values())

$r = {k: $x[k] * $f for k in range(n + 1)}
for $k in list($r):
    if $r[$k] > $p:
        del $r[$k]
$a = sum($r.values())

$r = {}
for $k in range(n):
    $r[$k] = $f
    @body
$a = len($r) * $f

$r = {}
for $k in range(n):
    if $k not in $r:
        $r[$k] = [$f]
    $r[$k].append($g)
$a = sum([sum(v) for v in $r.values()])

$r = {k: [$f] for k in range(2)}
$r[n % 2].append($g)
$r[1][0] *= $f
$a = sum($r[0]) + sum($r[1])

$r = {k: {'p': $f} for k in range(2)}
$a = $r[n % 2]['p'] * $g

## dict
$r = {'p': $f, 'q': $g}
$a = $r['p' if n > 1 else 'q'] * 0.7

$r = {'p': $f, 'q': $g}
$r['p' if n > 1 else 'q'] *= 0.7
$a = $r['p'] + $r['q']

$r = dict([('p', $f), ('q', $g)])
$a = $r['p'] * $r['q']

$r = dict({'p': $f}, q=$g)
$r.clear()
$r['p'] = $f
$a = $r['p']

$r = {'p': $f, 'q': $g}
$a = $r.pop('p') + $r.pop('w', $f) + $r.setdefault('s', $g)

$r = {'p': $f, 'q': $g}
$a = $r.get('p') + len($r) * $r.get('s', $f) + ($f if $r.get('s') is None else $g)

$r = {'p': $f, 'q': $g}
for $k in $r.keys():
    $y[0] += $r[$k]

$r = {'p': $f, 'q': $g}
for $k, $b in $r.items():
    $r[$k] = $b * $f
$a = $r['p']

$r = {'p': $f, 'q': $g}
$r |= {'q': $f, 's': 0.3}
$a = $r['s'] * $r['q']

$r = {'p': $f, 'q': $g} | {'q': $f}
$a = $r['p'] * $r['q']

$r = {'p': $f, 'q': $g}
$h = list($r.values())
$a = $h[0] * $h[1]

$r = {'p': $f, 'q': $g}
del $r['p']
$a = sum($r.values())

$r = {'p': $f, 'q': $g}
$a = sum($r[k] for k in sorted($r)) + max($r.values())

$r = {k: k2 * $f for k, k2 in zip(('p', 'q'), $x[:2])} if False else {'p': $f}
$a = $r['p']

$r = {k: v * $f for k, v in {'p': $f, 'q': $g}.items() if k != 'q'}
$a = sum($r.values())

$r = d = {'p': $f}
$r['p'] *= 2.0
$a = d['p']

$a = sum(gathered(**{'weight': $f, 'scale': $g}) for _ in range(2))

## set
$r = {1, 3}
$a = $f if n in $r else $g

$r = set()
for $k in range(n):
    $r.add($k % 2)
$a = len($r) * $f

$r = {0, 1, n}
$r.discard(1)
$r.discard(7)
$a = $f if 1 in $r else $g

$r = {0, 1}
$r.add(n)
$r.remove(0)
$a = len($r) * $f

$r = {k % 2 for k in range(n + 1)}
$a = len($r) * $f

$r = {k % 3 for k in range(5)}
$y[max($r)] *= $f
$a = len($r) * 0.2

$r = set(range(n))
$h = $r | {0, 9}
$a = $f if 9 in $h and $r <= $h else $g

$r = {0, 1, 2} & {1, 2, 3}
$a = len($r) * $f
$b = $f if {1} < $r else $g

$r = set([n, 1, 2])
$h = $r.intersection({1, 2}).union({n}).difference({5})
$a = len($h) * $f

$r = set([n, 1])
$a = $f if $r.isdisjoint({7, 8}) else $g

$r = frozenset((1, 2))
$a = $f if n in $r else $g

$r = set([n, 1])
$h = $r.copy()
$r.update([5, 6])
$a = (len($r) - len($h)) * $f

$r = set(idx.tolist())
for $k in sorted($r):
    $y[$k] *= $f

$r = set([n, 1, 0])
$a = (max($r) - min($r) + sum(sorted($r))) * $f

$r = {'p', 'q'}
$a = $f if 'p' in $r else $g

$r = set()
for $k in range(4):
    if idx[$k] in $r:
        continue
    $r.add(idx[$k])
    $y[$k] *= $f
$r.clear()
$a = len($r) * $f + $y[0]

$r = {n, 1} ^ {1, 2}
$a = $f if $r == {n, 2} else $g

$r = {n, 1} - {1}
$r |= {3}
$a = len($r) * $f
"""

ORDER = """
## order
$l = sorted($xs, key=lambda q: q * q)

$l = sorted([$f, $g, 0.3], key=lambda q: -q)

$r = sorted([(2, $f), (1, $g)])
$a = $r[0][1] * $f

$r = sorted([(2, $f), (1, $g)], key=lambda q: q[0], reverse=True)
$a = $r[0][1] * $f

$r = sorted(range(4), key=lambda k: $x[k])
$u = np.array([$x[k] * $f for k in $r])

$a = max($x, key=lambda q: q * q) + min($xs, key=lambda q: -q)

$a = max([(1, $f), (2, $g)])[1] if False else $f

$a = max([$f, $g], key=abs) * 0.7

$l = list(filter(lambda q: q > $p, [$f, $g, 0.3]))
$l.append($f)

$a = sum(filter(lambda q: q > $p, $xs)) * $f

$a, $b = divmod($g, 0.73)

$l = [$f, $g, 0.3, 0.4]
$l[1:3] = [$f * 2.0]

$l = [$f, $g, 0.3, 0.4]
$l[n:] = [$f]

$l = [$f, $g, 0.3, 0.4]
$l[:n] = $xs

$l = [$f, $g, 0.3, 0.4]
$l[-2:] = ($f, $g)

$l = [$f, $g, 0.3, 0.4]
$l[-n:None] = [$g]

$l = [$f, $g, 0.3, 0.4]
del $l[1:3]

$l = [$f, $g, 0.3, 0.4]
del $l[n]

$l = [$f, $g, 0.3, 0.4]
del $l[-1]

$l = [$f, $g, 0.3, 0.4]
$a = $l.pop(n) * $l.pop(-1)

$l = [$f, $g, 0.3, 0.4]
$a = $l.pop(1) * $f

$l = [$f, $g]
$l.insert(n, $f)
$l.insert(-1, $g)

$l = [$f, $g, 0.3, 0.4][::2]
$l.append($f)

$l = $xs[::-1]

$l = [$f, $g, 0.3]
$l.sort(key=lambda q: q * q, reverse=True)
$a = $l[0] * $f

$l = [$f, $g]
$l.clear()
$l.append($f)

$l = [$f, $g]
$a = (1, 3, 3).count(3) * 0.1 * $l[[4, 0, 2].index(0) - 2]

$l = [$f, $g, 0.3]
$l.reverse()
$l[0] *= $f
"""

KINDS = """
## rules of the user's own
$a = bend($f) * bend_slope($g)

$u = bend($x) + bend_slope($x) * $f

$a = raised($f) + raised($g, $f) * raised($f, q=0.7)

$u = raised($x, $f) * raised($x)

$a = bent($f) + bent(-$g)

$u = bent($x - 0.3) * steps_of($f + 3.7)

$u = enlarged($x) * flipped($x) * $f

$u = flipped($m)[$i] * flipped($m * $f)[0]

$u = solved(np.outer($x, $x) + 3.0 * np.eye(4), $x * $f)

$a = adgen.grad(bend)($f) + adgen.grad(lambda p: raised(p, 0.6) * bend(p))($f)

for $r in $x:
    $y[0] += raised($r, $f) * bend($y[0]) * 0.1

## masked, mask
$r = np.where($f > 9.0, np.sqrt($f * 0.0), $g)
$a = $f * $r

$u = np.where($x > 9.0, np.sqrt($x * 0.0), $x) * $f

$u = np.where($x > 9.0, 0.3, ($x * 0.0) ** 1.5 / ($x * 0.0 + 1.0)) + $x

$r = $x > 9.0
$u = np.where($r, np.sqrt(np.where($r, $x, 0.0)), $x) * $f

$u = np.where($x > 9.0, np.sqrt($x.astype(np.float32) * np.float32(0.0)), $y)

$r = $f if n > 1 else $x
$a = np.sum(np.where($r > 9.0, np.sqrt($f * 0.0), $r))

$u = np.where($x > 9.0, np.sqrt($f * 0.0), $x) + np.where($m > 9.0, np.sqrt($x * 0.0)[:, None], $m)[$i]

$u = np.where($m > 9.0, np.sqrt($x * 0.0), $m).sum(axis=0) + np.where($x > 9.0, np.sum(np.sqrt($m * 0.0), axis=0), $y)

## nested grad of lists
$a = adgen.grad(lambda p: sum([p, p * $f] if n > 1 else [p]) * p)($g)

$a = adgen.grad(lambda p: sum(q * q for q in ([p, p * $f, 0.3] if p > $p else [p * p])))($g) * $f

def $h(p):
    l = [p, p * $f]
    for k in range(n):
        l[k % 2] = l[k % 2 - 1] * p
        l.append(l[0] * 0.5)
    return sum(l)
$a = adgen.grad($h)($g)

## print
print(n, end='')
$y[0] *= $f

for $k in range(n):
    print($k, end=';')
    $y[$k] *= $f

if $c:
    print('text', n, f'{n + 1}', sep='-')
$a = $f

## iterators
$a = sum(p * q for p, q in itertools.combinations([$f, $g, 0.3], 2))

$a = sum(p * q * q for p, q in itertools.permutations([$f, $g, 0.3], 2))

$a = sum(p * q for p, q in itertools.product([$f, $g], $xs))

$a = sum(itertools.chain($xs, [$f], $x)) * $f

$a = sum(itertools.islice($xs, 2)) * $f + sum(itertools.islice($x, 1, 4, 2))

$a = sum(q * q for q in itertools.islice($x, n, None))

$l = list(itertools.accumulate($x))

$l = list(itertools.accumulate($xs, lambda p, q: p * 0.5 + q))

$a = sum(p * q for p, q in itertools.pairwise($x))

$a = sum(p * q for p, q in itertools.zip_longest($x, $xs, fillvalue=$f))

$a = sum(itertools.starmap(lambda p, q: p * q, [($f, $g), (0.3, $f)]))

$a = sum(itertools.repeat($f, 3)) + sum(itertools.takewhile(lambda q: q < 9.0, $xs))

$a = next(q * $f for q in $x if q > -9.0)

$a = next((q * $f for q in $x if q > $p), $g)

$a = next(iter($xs)) * $f

$u = copying.copy($x) * $f

$l = copying.copy($xs)
$l[0] = $f

$r = copying.deepcopy([$x * $f, $x])
$r[0][1] = $g
$a = np.sum($r[0] * $r[1])

$a = max([q for q in $x if q > $p], default=$f)

$a = min($xs, default=$f, key=lambda q: q * q)

$r = max([[$f, $g], [$f]], key=len)
$a = sum($r)

$l = sum([[$f], [$g, 0.3]], [])

$r = max([($f, [$g]), ($g, [$f, 0.3])], key=lambda q: q[0])
$a = $r[0]

$r = list({'pqr'[k]: $f * k + 0.1 for k in reversed(range(3))}.values())
$a = $r[0] * $g

$l = [q * k + $f for k in reversed(range(n)) for q in (1, 2)] + [$g]

## indices of arrays
$r = $m * $f
for $k, $b in np.ndenumerate($r):
    $y[$k[1]] = $y[$k[1]] * 0.7 + $b * $k[0]

$r = $m[:3, :2] * $f
for ($k, q), $b in np.ndenumerate($r):
    $y[$k] = $y[q] * 0.7 + $b

$r = $m[:3, :2] * $f
for $k, q in np.ndindex($r.shape):
    $y[$k] = $y[q] * 0.7 + $r[$k, q]

$r = $m[:3, :2] * $f
for $k, q in np.ndindex(*$r.shape):
    $y[$k] = $y[q] * 0.7 + $r[$k, q]
$a = $k + q * $f

$a = $f
for $k, $r in np.ndindex(2, 3):
    $a = $a * 0.7 + $m[$k, $r] * $f

$r = np.outer($x, $y)
$r.flat[n] = $f
$r.flat[2:5] *= $g
$a = np.sum($r * $r)

$r = np.outer($x, $y)
$h = $r.ravel()
$h[n] = $f
$h[1:4] = $x[:3] * $f
$a = np.sum($r * $r)

for $b in np.outer($x, $y).flat:
    $y[0] = $y[0] * 0.7 + $b * 0.1

$u = np.cross($x[:3], $y[:3])[n % 3] * $x

$u = np.sum(np.cross(np.outer($x, $y)[:, :3], $y[:3]), axis=1) * $f

## three axes
$r = np.stack(($m, $m * $f))
$u = np.sum($r * $r, axis=(0, 2))

$r = np.stack(($m, $m * $f))
$u = np.sum($r * np.sum($r, axis=(0, 2)), axis=(0, 1))

$r = np.expand_dims($x, (0, 2)) * np.stack(($m, $m * $f))
$a = np.sum($r * $r)

$r = np.stack(($m, $m * $f), axis=-1)
$u = np.stack(($r, $r * $f), axis=-1)[$m > $p, 1].sum(axis=0)[0] * $x

$r = np.stack(($m, $m * $f), axis=-1)
$u = $r[..., 1] * $x + $r[0, ..., 0]
$a = np.sum($u * $r[..., 0].T)

$r = np.stack(($m, $m * $f))
$r[..., 1] *= $f
$r[0, ..., 2] = $x
$r[:, 1, ...] += $x
$u = $r[..., 1][0] * $r[1, ..., -1] * $r[..., 0, :][0]

$r = np.mean(np.stack(($m, $m * $f)), axis=(0, -1))
$u = $r * $x

$r = np.max(np.stack(($m, $m * $f)), axis=(0, 2))
$u = $r * $x

## saved in a loop, loop
$k = 1
for q in range(n + 1):
    $k = ($k * 3 + 1) % 4
    $y[$k] = $y[$k] * $y[$k - 1] * $f

$h = $f > $p
for q in range(n + 1):
    $h = $y[q] > $p
    $y[q] = $y[q] * $f if $h else $y[q] ** 2

$C = $f * (0.3 + 0.7j)
for q in range(n + 1):
    $C = $C * $C * 0.5 + $f
$a = $C.real * $C.imag

$a = $f
for q in range(n + 1):
    for p in range(q, 4):
        $k = (p * 3 + q) % 4
        $a = np.sin($a * $y[$k]) + 0.3
        $y[$k] *= $a

$u = $x * $f
for q in range(3, 0, -1):
    $u = np.sin($u) * $u[q] + $x
    for p in range(q - 1, 4):
        $y[p] = $y[p] * $u[p] * $u[q]

## no arguments, recursion
def $h():
    if $y[0] > 0.9:
        return $f
    $y[0] += 0.3
    return $h() * 0.9
$a = $h()

$h = lambda p, k: p * $f if k == 0 else $h(p * 0.8, k - 1) + $f
$a = $h($g, n)

def $h(p, k):
    def step(q):
        return q * $f + p * 0.1
    if k == 0:
        return step(p)
    return $h(step(p), k - 1)
$a = $h($g, n)

## none
def $h(p):
    if p > $p:
        return p * $f
$r = $h($g)
$a = $f if $r is None else $r * 0.5

def $h(p):
    for q in $x:
        if q > p:
            return q * $f
$r = $h($p)
if $r is not None:
    $y[0] *= $r

## kinds
$k = 0
for $r in ($f, $x, $g):
    if n > 1 and $k > 0:
        break
    $k += 1
    $y[0] += np.sum($r)

for $r in [$f, $x, $g]:
    $y[0] += np.sum($r) * 0.3

$r = 0.0
for $k in range(n):
    if $k == 0:
        $r = $x * $f
    else:
        $r = $r + $k
$a = np.sum($r) * $f

$l = [$f, $g] if n > 1 else [$f]

$l = [$f, $g] if $c else [$g, 0.3, $f]
$l.append($f)

$l = [[$f, $g], [$f]][n % 2]

$r = ($f, [$f, $g]) if n > 1 else ($g, [$f])
$a = $r[0] * sum($r[1])

$r = [($f, $g), ($g, 0.3)] if $c else [(0.2, $f)]
$a = sum(p * q for p, q in $r)

$r = [$x, $y] if n > 1 else [$x * $f]
$a = np.sum($r[0] * $r[-1])

$r = []
for $k in range(3):
    $r.append(($x[$k] * $f, $g))
$h, $N = zip(*$r)
$a = sum($h) * $N[0]

$h = wave if $c else softened
$a = $h($f) * $g

$a = adgen.grad(three, 1)($f, $g, 0.3) * $f

$a = sum(adgen.grad(three, (0, 2))($f, $g, 0.3))

$r = {'weight': $f, 'scale': $g}
$a = gathered(0.3, **$r)

$r = {k: $x[k] * $f for k in range(n + 1)}
$r.update({k: $g for k in range(2)})
$a = sum($r.values())

$r = {k: $x[k] * $f for k in range(n + 1)}
$r.update(zip(range(2), $x))
$a = sum($r.values())

$r = {k: $x[k] * $f for k in range(n + 1)}
$r.update([(n, $g), (n + 1, $f)])
$a = sum($r.values())

$r = dict.fromkeys([n, n + 2], $f)
$r[n] += $g
$a = sum(v * k for k, v in $r.items())

$r = {k % 3 for k in range(n + 2)}
$r.discard(n % 3)
$r.discard(n)
$a = len($r) * $f
"""

WIDE = "\n\n".join(part.strip() for part in (TEXTS, WRITTEN, KEYED, ORDER, KINDS))
