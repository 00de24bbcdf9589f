"""Dicts whose keys are computed when the program runs: integers, texts, tuples; counting, memo tables, groups."""

from collections import defaultdict

import numpy as np

CASES = []
V = np.array([1.3, 0.7, -0.4, 2.1, 0.9])


def case(*args):
    """Register a program with its arguments."""

    def add(fun):
        CASES.append((fun, args))
        return fun

    return add


@case(V)
def k_last_write(x):
    d = {}
    for i in range(len(x)):
        d[i % 3] = x[i] * x[i]
    s = 0.0
    for k in d:
        s = s + d[k] * (k + 1.0)
    return s


@case(V)
def k_counted(x):
    total = {}
    for i in range(len(x)):
        k = i % 3
        total[k] = total.get(k, 0.0) + x[i] ** 2
    s = 0.0
    for k, v in total.items():
        s += np.sin(v) * (k + 1)
    return s


@case(V)
def k_branch(x):
    memo = {}
    for i in range(2, len(x)):
        if i % 2 in memo:
            memo[i % 2] = memo[i % 2] * x[i]
        else:
            memo[i % 2] = x[i]
    return sum(memo.values())


@case(V)
def k_default(x):
    d = defaultdict(float)
    for i in range(len(x)):
        d[i // 2] += x[i] * x[0]
    return sum(v * v for v in d.values())


@case(V)
def k_comprehension(x):
    d = {i: x[i] ** 2 for i in range(len(x))}
    return d[0] * d[len(x) - 1]


@case(V)
def k_texts(x):
    d = {}
    for i in range(len(x)):
        d[f"w{i}"] = x[i] * 2.0
    y = d.pop("w1")
    del d["w0"]
    d["w0"] = y * x[0]
    s = 0.0
    for name in d:
        s += d[name] ** 2
    return s


@case(V)
def k_pairs(x):
    d = {}
    for i in range(3):
        for j in range(2):
            d[i, j] = x[i] * x[j]
    return d[0, 1] * d[2, 1] + d[1, 1]


@case(V)
def k_groups(x):
    groups = {}
    for i in range(len(x)):
        groups.setdefault(i % 2, []).append(x[i])
    s = 0.0
    for k in groups:
        p = 1.0
        for v in groups[k]:
            p = p * v
        s += p
    return s


@case(V)
def k_arrays(x):
    d = {0: x, 1: 2.0 * x}
    s = 0.0
    for i in range(4):
        s += np.sum(d[i % 2] ** 2) * i
    return s


@case({"w0": 1.5, "w1": -0.3})
def k_parameter(p):
    s = 0.0
    for i in range(2):
        s = s + p[f"w{i}"] * p["w0"]
    return s


@case(V)
def k_default_list(x):
    w = defaultdict(list)
    for i in range(len(x)):
        w[i % 2].append(x[i] ** 2)
    return sum(w[0]) * sum(w[1])


@case(V)
def k_anew(x):
    s = 0.0
    for j in range(3):
        d = {}
        for i in range(len(x)):
            d[(i + j) % 3] = x[i] * x[j]
        for k in d:
            s = s + d[k] ** 2 * (k + j)
    return s


@case(V)
def k_arrays_changed(x):
    d = {}
    for i in range(len(x)):
        d[i % 2] = x * x[i]
    d[0][1] = 3.0
    d[1] += x
    return np.sum(d[0] * d[1])


@case(V)
def k_grown_in_branch(x):
    d = {}
    for i in range(len(x)):
        if x[i] > 0.5:
            d[i] = x[i] ** 3
    if 1 in d and len(d) > 2:
        return d[1] * len(d)
    return x[0]


@case(V)
def k_helper(x):
    def helper(d, k, v):
        d[k] = d.get(k, 1.0) * v

    d = {}
    for i in range(len(x)):
        helper(d, i % 2, x[i])
    e = d
    e[5] = x[0]
    return d[0] + d[1] * d[5]


@case(V)
def k_known_then_computed(x):
    d = {"a": x[0], "b": x[1]}
    for name in ["a", "b", "a"]:
        d[name] = d[name] * x[2]
    return d["a"] * d["b"]


@case(V)
def k_written_while(x):
    d = {"a": x[0]}
    for i in range(3):
        d[f"k{i}"] = x[i] * d["a"]
        if i == 1:
            d["a"] = x[4] ** 2
    t = 0.0
    for k, v in d.items():
        t += v * len(k)
    return t


@case(V)
def k_methods(x):
    d = {}
    for i, v in enumerate(x):
        d.setdefault(i % 3, v * v)
    d.update({7: x[0]})
    e = d.copy()
    e[0] = 2.0 * x[1]
    del e[1]
    return d[0] * e[0] + sum(d.values()) * max(e.values()) + e.pop(2) + e.pop(9, x[3]) + e.get(11, 0.0)


@case(V)
def k_tuples(x):
    d = {}
    for i in range(len(x)):
        d[i % 3] = (x[i], x[i] ** 2)
    s = 0.0
    for a, b in d.values():
        s += a * b
    return s


@case(V)
def k_zipped(x):
    d = dict(zip(range(len(x)), x))
    e = dict.fromkeys(range(3), 0.0)
    for k in e:
        e[k] += d[k] ** 2
    for k, v in sorted(e.items()):
        e[k] = v * (k + 1)
    return sum(v for k, v in e.items() if k > 0)


@case(V)
def k_graph(x):
    graph = {0: [1, 2], 1: [3], 2: [3], 3: []}
    dist = {0: 0.0}
    for u in range(4):
        for v in graph[u]:
            w = dist[u] + x[u] * x[v]
            if v not in dist or w < dist[v]:
                dist[v] = w
    return dist[3]


@case(V)
def k_found(x):
    d = {}
    i = 0
    while i < len(x):
        key = (i % 2, i % 3)
        if key in d:
            d[key] += x[i]
        else:
            d[key] = x[i] ** 2
        i += 1
    return sum(d[k] ** 2 for k in d)


@case(V)
def k_nested(x):
    d = {i: {j: x[i] * x[j] for j in range(2)} for i in range(3)}
    d[1][1] = d[2][0] * d[0][1]
    return d[1][1] + d[2][1]


@case(V)
def k_filtered(x):
    d = {k: x[k] for k in range(len(x)) if k % 2 == 0}
    d = {k: v * v for k, v in d.items()}
    return sum(d.values())


@case(V)
def k_words(x):
    words = "the cat and the dog and the end".split()
    score = {}
    for n, w in enumerate(words):
        score[w] = score.get(w, 0.0) + x[n % 5] * n
    return sum(s**2 for s in score.values())


@case(V)
def k_taken_out(x):
    d = {}
    for i in range(4):
        d[i] = x[i]
    while d:
        k = max(d)
        v = d.pop(k)
        if k == 1:
            return v * x[0]
    return 0.0


@case(V)
def k_cleared(x):
    d = {}
    for i in range(4):
        d[i] = x[i]
    d.clear()
    d[1] = x[1] * 2
    return d[1] + d.get(0, 3.0)


@case(V)
def k_default_array(x):
    d = defaultdict(lambda: np.zeros(3))
    for i in range(len(x)):
        d[i % 2][i % 3] += x[i] ** 2
    return np.sum(d[0] * d[1])


@case(V)
def k_held(x):
    d = {}
    a = x * 2
    d[0] = a
    a[0] = 5.0
    return np.sum(d[0])


@case(V)
def k_lists(x):
    d = {}
    for i in range(3):
        d[i] = [x[i], x[i + 1]]
    d[1][0] = x[0] * x[4]
    return d[0][1] * d[1][0] + d[2][1]


@case(V)
def k_changed_in_loop(x):
    d = {}
    for i in range(len(x)):
        d[i] = x[i]
    for k in d:
        d[k] = d[k] * 2 + d[0]
    return sum(d.values())


@case(V)
def k_layers(x):
    d = {0: x[0], 1: x[1]}
    for i in range(3):
        new = {}
        for k in d:
            new[k] = d[k] * x[i] + d[1 - k]
        d = new
    return d[0] * d[1]


@case(V)
def k_either(x):
    d = {}
    if x[0] > 1:
        d[0] = x[0]
    else:
        d = {1: x[1]}
    return d.get(0, 2.0) * x[1]


@case(V)
def k_listed(x):
    ds = []
    for i in range(3):
        d = {}
        for j in range(i + 1):
            d[j] = x[i] * x[j]
        ds.append(d)
    return ds[2][1] * ds[1][0] + sum(sum(d.values()) for d in ds)


@case(V)
def k_best(x):
    best = {}
    for i in range(5):
        k = i % 2
        if k not in best or x[i] > best[k]:
            best[k] = x[i]
    return best[0] * best[1]


@case(V)
def k_grid(x):
    u = {}
    for i in range(3):
        for j in range(3):
            u[i, j] = x[i] * x[j]
    for t in range(2):
        v = dict(u)
        for i in range(1, 2):
            for j in range(1, 2):
                u[i, j] = 0.25 * (v[i - 1, j] + v[i + 1, j] + v[i, j - 1] + v[i, j + 1])
    return u[1, 1] ** 2


@case(V)
def k_memo(x):
    cache = {}

    def f(n):
        if n not in cache:
            cache[n] = x[n % 5] ** 2
        return cache[n]

    s = 0.0
    for i in range(7):
        s += f(i % 4) * i
    return s


@case(V)
def k_put(x):
    d = {0: x[0]}

    def put(k, v):
        d[k] = v
        return v

    t = put(1, x[1]) * d[1]
    d[0] += put(0, x[2])
    return t * d[0]


@case(V)
def k_two_names(x):
    d = {}
    for i in range(5):
        key = "even" if i % 2 == 0 else "odd"
        d[key] = d.get(key, 0.0) - x[i] ** 2
    return d["even"] * d["odd"]


@case(V)
def k_mixed(x):
    total = defaultdict(int)
    for i in range(5):
        total[i % 2] += x[i]
    total["n"] += 1
    return total[0] * total[1]


@case(V)
def k_left_out(x):
    d = {}
    for i in range(5):
        d[i % 2] = d.get(i % 2, 1.0) * x[i]
    e = d.copy()
    for k in list(e):
        if e[k] < 0:
            del e[k]
    return sum(e.values()) + d.pop(0) * d.pop(5, x[2])


@case(V)
def k_known_in_loop(x):
    d = {}
    for i in range(3):
        d.setdefault("k", []).append(x[i])
    a, b, c = d["k"]
    return a * b + c * len(d["k"])


@case(V)
def k_walks(x):
    q = {(0, 0): x[0]}
    for step in range(3):
        nq = {}
        for (i, j), v in q.items():
            for di, dj in ((1, 0), (0, 1)):
                k = (i + di, j + dj)
                nq[k] = nq.get(k, 0.0) + v * x[step + 1]
        q = nq
    return sum(v * (i + 1) for (i, j), v in q.items())


@case(V)
def k_queue(x):
    d = {}
    for i in range(4):
        d[i] = x[i]
    s = 0.0
    while len(d) > 1:
        k = min(d, key=lambda k: d[k])
        v = d.pop(k)
        m = min(d)
        d[m] = d[m] + v * v
        s += v * k
    return s + sum(d.values())


@case(V)
def k_path(x):
    d = {}
    if x[0] > 1:
        d["a"] = x[0]
    d["b"] = x[1]
    if "a" in d:
        return d["a"] * d["b"] * len(d)
    return d["b"]


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
