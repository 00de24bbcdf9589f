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


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
