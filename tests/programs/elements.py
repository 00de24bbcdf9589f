"""Lists whose elements change in place: arrays, lists, objects, dicts in lists; names for elements; what is refused."""

# ruff: noqa: E701, E702, E731, F841


import numpy as np

from tests.programs.cases import collection
from tests.programs.changes import P

RNG = np.random.default_rng(3)
V = RNG.standard_normal(5)
CASES, case = collection()


M = RNG.standard_normal((4, 5))


@case(V)
def e_alias(x):
    rows = [x * k for k in range(3)]
    a = rows[0]
    a[1] = x[2] * 3.0
    b = rows[0]
    b[1] *= x[0]
    return np.sum(rows[0] * x) * a[1]


@case(V)
def e_replace(x):
    rows = [x * k for k in range(3)]
    a = rows[1]
    rows[1] = x * 5.0
    a[0] = 2.0 * x[1]
    return np.sum(rows[1] * x) * a[0]


@case(V)
def e_replace2(x):
    rows = [x * k for k in range(3)]
    a = rows[1]
    a[0] = 2.0 * x[1]
    t = a[0] * a[1]
    rows[1] = x * 5.0
    rows[1][2] = t
    return np.sum(rows[1] * x) * t


@case(V)
def e_named(x):
    r = x * 2.0
    rows = [r, x * 3.0]
    k = int(x[0] > 0)
    rows[k][1] = 5.0 * x[2]
    return np.sum(r * rows[1])


@case(V)
def e_named2(x):
    rows = []
    for k in range(3):
        r = x * k
        r[k] = 2.0
        rows.append(r)
    rows[1][1] = x[0] * x[2]
    for r in rows:
        r *= 1.5
    return sum(np.sum(r * x) for r in rows)


@case(V)
def e_named3(x):
    r = x * 2.0
    rows = []
    for k in range(3):
        rows.append(r)
    rows[1][1] = x[0] * x[2]
    return sum(np.sum(r * x) for r in rows)


@case(V)
def e_self(x):
    rows = [x * k for k in range(3)]
    for i in range(1, 3):
        rows[i][0] = rows[i - 1][0] + rows[i][1] * x[i]
        rows[i - 1][2] = rows[i][0] ** 2
    s = 0.0
    for r in rows:
        s += np.sum(r * r)
        r[1] = s
    return s + sum(r[1] for r in rows)


@case(V)
def e_swap(x):
    rows = [x * k for k in range(3)]
    rows[0][0] = 5.0
    rows[0], rows[2] = rows[2], rows[0]
    return np.sum(rows[0] * x) * rows[2][0]


@case(V)
def e_slice(x):
    rows = [x * k for k in range(3)]
    ys = rows[1:]
    rows[1][0] = 5.0
    return np.sum(ys[0] * x)


@case(V)
def e_slice2(x):
    rows = [x * k for k in range(3)]
    ys = rows[1:]
    ys[0][0] = 5.0
    return np.sum(rows[1] * x)


@case(M)
def e_rows(m):
    rows = [r for r in m]
    rows[1][0] = 5.0
    return np.sum(m * m)


@case(M)
def e_rows2(m):
    rows = [r.copy() for r in m]
    for k in range(1, 4):
        rows[k] -= rows[k - 1] * rows[k][0]
    return np.sum(np.stack(rows) ** 2)


@case([[2.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.3, 0.1, 4.0]], [1.0, 2.0, 3.0])
def e_gauss(a, b):
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            f = a[i][k] / a[k][k]
            for j in range(k, n):
                a[i][j] -= f * a[k][j]
            b[i] -= f * b[k]
    x = [0.0] * n
    for i in range(n - 1, -1, -1):
        s = b[i]
        for j in range(i + 1, n):
            s -= a[i][j] * x[j]
        x[i] = s / a[i][i]
    return sum(v * v for v in x)


@case(V)
def e_buckets(x):
    groups = [[] for _ in range(3)]
    for k in range(5):
        groups[k % 3].append(x[k] ** 2)
    return sum(sum(g) * (len(g) + k) for k, g in enumerate(groups))


@case(V)
def e_buckets2(x):
    groups = [[], [], []]
    for k in range(5):
        groups[k % 3].append(x[k] ** 2)
        groups[k % 3][0] *= 1.5
    t = 0.0
    for g in groups:
        while len(g) > 1:
            t += g.pop() * g[-1]
    return t + groups[0][0]


@case(V)
def e_dp(x):
    n = len(x)
    dp = [[0.0] * (n + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            d = (x[i - 1] - x[j - 1]) ** 2 + 0.1 * i
            dp[i][j] = d + min(dp[i - 1][j], dp[i][j - 1], dp[i - 1][j - 1])
    return dp[n][n]


@case(V)
def e_3d(x):
    t = [[[0.0 for k in range(2)] for j in range(2)] for i in range(2)]
    for i in range(2):
        for j in range(2):
            for k in range(2):
                t[i][j][k] += x[i] * x[j] + x[k]
                t[0][0][0] *= x[k]
    return t[1][1][0] * t[0][1][1] + t[0][0][0]


@case(V)
def e_obj(x):
    ps = [P(v, 1.0) for v in x]
    for i in range(5):
        for j in range(5):
            if i != j:
                ps[i].b += ps[j].w * ps[i].w
    for p in ps:
        p.w += 0.1 * p.b
        q = p
        q.b = q.w * 2.0
    return sum(p.w * p.b for p in ps)


@case(V)
def e_obj2(x):
    ps = [P(v, 1.0) for v in x]
    a, b = ps[0], ps[1]
    a.w = b.w * 2.0
    ps[1].b = a.w
    return ps[0].w * b.b


@case(V)
def e_obj3(x):
    ps = [P(v, 1.0) for v in x]
    p = P(x[0], x[1])
    ps.append(p)
    ps[5].w = 3.0 * x[2]
    return p.w * ps[0].w


@case(V)
def e_obj4(x):
    ps = [P(v, 1.0) for v in x]
    best = ps[0]
    for p in ps:
        if p.w > best.w:
            best = p
    best.b = 5.0 * x[1]
    return sum(p.b * p.w for p in ps)


@case(V)
def e_dicts(x):
    ds = [{"a": v, "n": 0} for v in x]
    for k in range(3):
        ds[k]["a"] *= x[k + 1]
        ds[k]["n"] += k
    for d in ds:
        d["a"] = d["a"] + d["n"]
    return sum(d["a"] ** 2 for d in ds)


@case([P(1.2, 0.3), P(0.4, 0.5)], 0.3)
def e_objarg(ps, y):
    for p in ps:
        p.w *= y
    ps[0].b = ps[1].w
    return ps[0].b * ps[0].w


@case(V)
def e_fun(x):
    rows = [x * k for k in range(3)]

    def scale(r, c):
        r *= c
        r[0] = c * c

    for k in range(3):
        scale(rows[k], x[k])
    return np.sum(rows[0] + rows[1] * rows[2])


@case(V)
def e_while(x):
    rows = [[x[0]], [x[1]]]
    k = 0
    while len(rows[k % 2]) < 4:
        rows[k % 2].append(rows[(k + 1) % 2][-1] * x[k % 5])
        k += 1
    return sum(rows[0]) * sum(rows[1])


@case(V)
def e_early(x):
    rows = [x * k for k in range(4)]
    for k in range(4):
        rows[k][0] = x[k] * 2.0
        if k == 2:
            return np.sum(rows[0] + rows[1] * rows[2] + rows[3])
        rows[k] *= x[1]
    return 0.0


@case(V)
def e_layers(x):
    ws = [np.outer(x, x) * 0.1 * k for k in range(3)]
    bs = [np.zeros(5) for _ in range(3)]
    for it in range(2):
        h = x
        for k in range(3):
            h = np.tanh(ws[k] @ h + bs[k])
            ws[k] -= 0.1 * np.outer(h, x)
            bs[k] -= 0.1 * h
    return np.sum(h)


@case(V)
def e_two(x):
    rows, hs = [], []
    for k in range(3):
        r = x * k
        hs.append(r)
        rows.append(r)
    rows[1][1] = 5.0
    return sum(np.sum(h * x) for h in hs)


@case(V)
def e_two2(x):
    rows, hs = [], []
    for k in range(3):
        r = P(x[k], 1.0)
        hs.append(r)
        rows.append(r)
    rows[1].w = 5.0
    return sum(h.w for h in hs) * x[0]


@case(V)
def e_two3(x):
    rows = []
    for k in range(3):
        r = P(x[k], 1.0)
        r.b = x[1]
        rows.append(r)
        rows.append(P(1.0, 2.0))
    rows[1].w = 5.0
    rows[2].w *= x[3]
    return sum(h.w * h.b for h in rows) * x[0]


@case(V)
def e_nestobj(x):
    c = {"ps": [P(v, 1.0) for v in x], "t": 0.0}
    for k in range(3):
        for p in c["ps"]:
            p.w += 0.1 * p.b
            c["t"] += p.w
    return c["t"] * c["ps"][1].w


class Sim:
    def __init__(self, x):
        self.rows = [x * k for k in range(3)]
        self.ps = [P(v, 1.0) for v in x]

    def step(self, dt):
        for r in self.rows:
            r += dt * r
        for p in self.ps:
            p.w += dt * p.b
            p.b -= dt * p.w

    def energy(self):
        return sum(np.sum(r * r) for r in self.rows) + sum(p.w**2 for p in self.ps)


@case(V)
def e_sim(x):
    s = Sim(x)
    for k in range(3):
        s.step(0.1)
    return s.energy()


@case(V)
def l_ll(x):
    n = 3
    rows = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            rows[i][j] = x[i] * x[j] + (rows[i][j - 1] if j > 0 else 0.0)
    return rows[2][2] * rows[1][0]


@case([[1.0, 2.0], [0.5, 3.0]])
def l_ll2(m):
    m[0][1] = m[1][0] * m[0][0]
    m[1][1] += m[0][1]
    return m[0][1] * m[1][1]


@case([[1.0, 2.0], [0.5, 3.0]])
def l_matmul(a):
    n = 2
    c = [[0.0 for _ in range(n)] for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                c[i][j] += a[i][k] * a[k][j]
    return sum(c[i][i] for i in range(n)) * c[0][1]


@case(V)
def l_la(x):
    rows = [np.zeros(3) for _ in range(2)]
    for i in range(2):
        for j in range(3):
            rows[i][j] = x[j] * x[i]
    return np.sum(rows[0] * rows[1])


@case(V)
def l_la2(x):
    layers = [x * 1.0, x * 2.0, x + 1.0]
    for k in range(3):
        layers[k] += x * k
    return np.sum(layers[0] * layers[1] * layers[2])


@case(V)
def l_la3(x):
    rows = [x * k for k in range(3)]
    for row in rows:
        row[:] = row**2
    rows[0][1] += 3.0 * x[2]
    return sum(np.sum(r * x) for r in rows) * rows[0][1]


@case([V, V * 2.0])
def l_la4(rows):
    for row in rows:
        row *= 2.0
    return np.sum(rows[0] * rows[1])


@case(V)
def l_tup(x):
    ps = []
    for k in range(5):
        ps.append((x[k], x[k] ** 2, k))
    return sum(a * b * k for a, b, k in ps)


@case({"a": V, "b": V * 3})
def d_arr_w(d):
    d["a"][0] = 5.0
    d["b"] *= d["a"]
    return np.sum(d["b"])


@case(V)
def d_arr_w2(x):
    buf = {"u": np.zeros(5), "v": np.ones(5)}
    for k in range(1, 5):
        buf["u"][k] = buf["u"][k - 1] + x[k]
        buf["v"][k] = buf["u"][k] * x[k]
    return np.sum(buf["u"] * buf["v"])


@case(V, V * 2)
def o_list2(x, v):
    ps = [P(x[k], v[k]) for k in range(5)]
    for k in range(3):
        for p in ps:
            p.step(0.1)
    return sum(p.energy() for p in ps)


@case(V, V * 2)
def o_list3(x, v):
    ps = []
    for k in range(5):
        ps.append(P(x[k], v[k]))
    for k in range(5):
        ps[k].w = ps[k].w * ps[k].b
    return sum(p.w * p.b for p in ps)


@case(V)
def z1(x):
    # a live name through a closure only
    r = x * 2.0
    rows = [x * 1.0]

    def see():
        return np.sum(r)

    rows.append(r)
    rows[1][0] = 7.0 * x[1]
    return see() * x[0]


@case(V)
def z2(x):
    rows = [x * k for k in range(3)]

    def get(k):
        return rows[k]

    a = get(1)
    a[0] = 3.0 * x[2]
    rows[1][1] = a[0] * x[0]
    return np.sum(get(1) * x) * a[1]


@case(V)
def z3(x):
    rows = [x * k for k in range(3)]
    t = {"r": rows[1]}
    t["r"][0] = 2.0 * x[1]
    rows[1] = rows[1] * 2.0
    return np.sum(t["r"] * x) + np.sum(rows[1])


@case(V)
def z4(x):
    rows = []
    r = x * 1.0
    for k in range(3):
        rows.append(r)
        r = r * x[k]
    rows[0][1] = 5.0
    return sum(np.sum(q * x) for q in rows)


@case(V)
def z5(x):
    rows = []
    r = x * 1.0
    for k in range(3):
        rows.append(r)
        r = rows[-1] * x[k]
        rows[k][k] *= 2.0
    return sum(np.sum(q * x) for q in rows) * r[0]


@case(V)
def z6(x):
    ps = [P(v) for v in x]
    tot = 0.0
    for p in ps:
        old = p.w
        p.w = p.w * 2.0 + tot
        tot += old * p.w
    q = ps[2]
    q.b, q.w = q.w, q.b
    return tot + sum(p.w * p.b for p in ps)


@case(V)
def z7(x):
    ps = [P(v) for v in x]
    d = {"best": ps[0], "t": 0.0}
    d["best"].w = 9.0 * x[1]
    d["t"] += ps[0].w
    return d["t"] * ps[0].w


@case(V)
def z8(x):
    acc = {"a": [0.0, 0.0], "n": 0}
    for v in x:
        acc["a"][acc["n"] % 2] += v * v
        acc["n"] += 1
    b = acc["a"]
    b[0] *= 2.0
    return acc["a"][0] * b[1]


@case(V)
def z9(x):
    grid = [[0.0] * 3 for _ in range(3)]
    row = grid[1]
    for j in range(3):
        row[j] = x[j] ** 2
    row2 = grid[1][:]
    grid[1][0] = 5.0 * x[4]
    return sum(row) * row2[0]


@case(V)
def z10(x):
    grid = [[0.0] * 3 for _ in range(3)]
    for i in range(3):
        r = grid[i]
        for j in range(3):
            r[j] += x[i] * x[j]
            if i > 0:
                r[j] += grid[i - 1][j]
        grid[i].append(sum(r))
    return sum(sum(r) for r in grid) * grid[2][3]


class Bag:
    items: list

    def __init__(self):
        self.items = []
        self.log = {}

    def put(self, v):
        self.items.append(v)
        self.log["last"] = v
        self.log["n"] = len(self.items)
        return self


@case(V)
def z11(x):
    b = Bag()
    b.put(x[0])
    for v in x:
        b.put(v * b.log["last"])
    return sum(b.items) * b.log["last"]


@case(V)
def z12(x):
    b = Bag().put(x[0]).put(x[1] * 2.0)
    c = b
    c.items[0] *= x[2]
    c.log["last"] = 1.0
    return b.items[0] * b.log["last"] * b.items[1] * b.log["n"]


@case(V)
def z13(x):
    s = P(0.0, 1.0)
    for v in x:
        if v < 0:
            continue
        s.w += v
        if s.w > 100.0:
            break
        try:
            s.b *= v
        finally:
            s.w += 0.1
    else:
        s.b += s.w
    return s.w * s.b


@case(V)
def z14(x):
    def run(p, n):
        while True:
            p.w = p.w * 0.9 + x[0]
            n -= 1
            if n == 0:
                return p
            if p.w > 50.0:
                break
        p.b = 3.0
        return p

    p = P(x[1], x[2])
    q = run(p, 3)
    q.b *= p.w
    return p.b * q.w


@case(V)
def z15(x):
    fs = {"a": lambda t: t * x[0]}
    fs["b"] = lambda t: fs["a"](t) * t
    fs["a"] = lambda t: t + x[1]
    return fs["b"](x[2])


@case(V)
def z16(x):
    out = []
    st = {"h": np.zeros(5), "c": np.zeros(5)}
    for k in range(4):
        st["c"] = 0.5 * st["c"] + np.tanh(x * st["h"] + x)
        st["h"] = st["c"] * x[k]
        out.append(st["h"])
    st["h"][0] = 0.0
    return np.sum(out[0] + out[3]) + np.sum(st["h"])


@case(V)
def z17(x):
    out = []
    h = x * 1.0
    for k in range(3):
        h = h * x[k]
        h[k] = 1.0
        out.append(h)
    return np.sum(out[0] * out[1] + out[2])


@case({"w": V, "h": [0.3, 0.4]}, 2)
def z18(p, n):
    p["h"].append(p["h"][0] * p["w"][1])
    p["h"][0] = 5.0 * p["w"][0]
    p["w"] = p["w"] * p["h"][0]
    p["w"][2] = p["h"][-1]
    return np.sum(p["w"]) * p["h"][1]


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
