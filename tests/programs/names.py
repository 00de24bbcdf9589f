"""Sets and texts: what carries no derivative, and decides what is computed."""

# ruff: noqa: UP031

import numpy as np

CASES = []
V = np.array([1.3, 0.7, -0.4, 2.1, 0.9])
ALLOWED = {1, 3}


def case(*args):
    """Register a program with its arguments."""

    def add(fun):
        CASES.append((fun, args))
        return fun

    return add


@case(V)
def y_seen(x):
    seen = set()
    s = 0.0
    for i in range(len(x)):
        k = (i * i) % 3
        if k not in seen:
            seen.add(k)
            s += x[i] ** 2
    return s * len(seen)


@case(V)
def y_algebra(x):
    a = {i % 3 for i in range(len(x))}
    b = {1, 2, 7}
    c = a & b
    d = a | b
    s = 0.0
    for k in sorted(c):
        s += x[k] * k
    if c <= a and not a.issubset(b):
        s *= x[0]
    return s + len(d - a) * x[1] + max(d) * x[2]


@case(V)
def y_of_module(x):
    s = 0.0
    for i in range(5):
        if i in ALLOWED:
            s += x[i] ** 2
    return s


@case(V)
def y_changes(x):
    s = {1, 2}
    s.add(3)
    s.discard(1)
    s.discard(9)
    s.update([4, 5])
    s.remove(2)
    t = s.copy()
    t.clear()
    if t:
        return x[0]
    if s == {3, 4, 5}:
        return x[1] ** 2 * len(s)
    return x[2]


@case(V)
def y_visited(x):
    stack = [0]
    visited = set()
    graph = {0: [1, 2], 1: [3], 2: [3], 3: [4], 4: []}
    total = 0.0
    while stack:
        u = stack.pop()
        if u in visited:
            continue
        visited.add(u)
        total += x[u] * (len(visited) + x[0])
        for v in graph[u]:
            if v not in visited:
                stack.append(v)
    return total


@case(V)
def y_letters(x):
    s = 0.0
    names = set("hello")
    for n in sorted(names):
        s += x[0] ** len(n)
    if "h" in names and {"h", "e"} < names:
        s *= 2
    return s


@case(V)
def y_pairs(x):
    pairs = set()
    for i in range(3):
        for j in range(3):
            pairs.add((min(i, j), max(i, j)))
    s = 0.0
    for i, j in sorted(pairs):
        s += x[i] * x[j]
    return s


@case(V)
def y_order(x):
    s = 0.0
    for k in {i % 3 for i in range(len(x))}:
        s += x[k]
    return s


@case(V)
def y_frozen(x):
    s = frozenset([1, 2])
    u = {1: x[0], 2: x[1]}
    return sum(u[k] for k in (1, 2) if k in s) + len(set([i for i in range(len(x))])) * x[0]


@case(V)
def y_names(x):
    s = 0.0
    for i in range(3):
        name = "w" + str(i)
        if name == "w1":
            s += x[i] * 2
        elif name.endswith("2") and not name.upper() == "W0":
            s += x[i] ** 2
    return s


@case(V)
def y_letters_of_text(x):
    s = 0.0
    for c in "abca":
        if c in "ac":
            s += x[0] * x[1]
        else:
            s = s * x[2]
    return s


@case(V)
def y_split(x):
    line = "1 2 0 4"
    s = 0.0
    for part in line.split():
        s += x[int(part)] ** 2
    return s


@case(V)
def y_formats(x):
    d = {}
    for i in range(len(x)):
        d["%d-%s" % (i % 2, "a")] = x[i]
        d[f"{i}:{i + 1}"] = x[i] * 2
    return d["1-a"] * d["2:3"] + len(d)


@case(V)
def y_counts(x):
    word = "abracadabra"
    counts = {}
    for c in word:
        counts[c] = counts.get(c, 0) + 1
    s = 0.0
    for c, n in counts.items():
        s += x[n - 1] * (ord(c) - ord("a"))
    return s


@case(V)
def y_joined(x):
    keys = []
    for i in range(4):
        keys.append(f"k{3 - i}")
    d = {k: x[i] for i, k in enumerate(keys)}
    s = 0.0
    for j, k in enumerate(sorted(keys)):
        s += d[k] * j
    text = ",".join(keys)
    return s + len(text) + text.count("k") * x[0] + len(text.split(",")[0]) * x[1]


@case(V)
def y_mode(x):
    mode = "fast" if len(x) > 3 else "slow"
    if mode == "fast":
        return x[0] ** 2
    return x[1]


@case(V)
def y_label(x):
    y = x[0] * 2
    label = f"{y:.3f}"
    print(label + "!", end="")
    msg = "a" * 3 + label[0]
    assert msg.startswith("aaa"), msg
    return y * len(msg)


@case(V)
def y_number(x):
    s = str(x[0])
    return float(s) * x[1]


@case(V)
def y_subscripts(x):
    spec = "ij"
    t = spec[0] + spec[1] + "->" + spec[::-1]
    m = np.outer(x, x**2)
    return np.sum(np.einsum(t, m) * m[0])


@case(V)
def y_kinds(x):
    kinds = ["a", "b", "a"]
    s = 0.0
    for k, kind in enumerate(kinds):
        s += {"a": x[0], "b": x[1]}[kind] * (k + 1)
    return s


@case(V)
def y_matched(x):
    ops = "+*-"
    s = x[0]
    for i, op in enumerate(ops):
        match op:
            case "+":
                s = s + x[i]
            case "*":
                s = s * x[i]
            case _:
                s = s - x[i] ** 2
    return s


def programs(rng):
    """The programs of this file; their arguments are fixed."""
    return CASES
