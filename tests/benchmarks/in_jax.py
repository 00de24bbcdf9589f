"""Programs that JAX does not take as they are, as its users have to write them: no stores, loops as functions."""


def rk4(y, r, h, n):
    from jax import lax

    def slope(y):
        return r * y * (1.0 - y)

    def step(y, _):
        k1 = slope(y)
        k2 = slope(y + 0.5 * h * k1)
        k3 = slope(y + 0.5 * h * k2)
        k4 = slope(y + h * k3)
        return y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4), None

    y, _ = lax.scan(step, y, None, length=n)
    return y * y


def thomas(a, b, c, d):
    import jax.numpy as jnp
    from jax import lax

    def down(carry, row):
        w, g = carry
        a, b, c, d = row
        pivot = b - a * w
        new = c / pivot, (d - a * g) / pivot
        return new, new

    first = c[0] / b[0], d[0] / b[0]
    _, (w, g) = lax.scan(down, first, (a[1:], b[1:], c[1:], d[1:]))
    w, g = jnp.append(first[0], w), jnp.append(first[1], g)

    def up(x, row):
        w, g = row
        x = g - w * x
        return x, x

    _, x = lax.scan(up, g[-1], (w[:-1], g[:-1]), reverse=True)
    return jnp.sum(x * x) + g[-1] * g[-1]


def wave(u, p, k, h, steps):
    import jax.numpy as jnp
    from jax import lax

    def step(state, _):
        u, p = state
        lap = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        p = p.at[1:-1, 1:-1].add(h * k * lap)
        return (u + h * p, p), None

    (u, p), _ = lax.scan(step, (u, p), None, length=steps)
    return jnp.sum(u * u)


def nbody(x, v, mass, h, steps):
    import jax.numpy as jnp
    from jax import lax

    def step(state, _):
        x, v = state

        def kick(v, i):
            d = x - x[i]
            square = jnp.sum(d * d, axis=1) + 0.01
            return v.at[i].add(h * ((mass / (square * jnp.sqrt(square))) @ d)), None

        v, _ = lax.scan(kick, v, jnp.arange(len(mass)))
        return (x + h * v, v), None

    (x, v), _ = lax.scan(step, (x, v), None, length=steps)
    return jnp.sum(x * v)


def heat(u, c, nt):
    import jax.numpy as jnp
    from jax import lax

    def step(v, _):
        v = v.at[1:-1].set(v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2]))
        return v.at[0].set(v[1] * v[1]), None

    v, _ = lax.scan(step, u, None, length=nt)
    return jnp.sum(v * v)


def heat_linear(u, c, nt):
    import jax.numpy as jnp
    from jax import lax

    def step(v, _):
        return v.at[1:-1].set(v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])), None

    v, _ = lax.scan(step, u, None, length=nt)
    return jnp.sum(v * v)


def alignment(x, y, gamma):
    import jax.numpy as jnp
    from jax import lax

    def cell(left, item):
        above, corner, distance = item
        total = jnp.exp(-corner / gamma) + jnp.exp(-above / gamma) + jnp.exp(-left / gamma)
        new = distance - gamma * jnp.log(total)
        return new, new

    def row(state, x):
        before, edge = state
        _, new = lax.scan(cell, jnp.asarray(100.0), (before, jnp.append(edge, before[:-1]), (x - y) ** 2))
        return (new, jnp.asarray(100.0)), None

    (last, _), _ = lax.scan(row, (jnp.full(y.shape, 100.0), jnp.asarray(0.0)), x)
    return last[-1]


def cholesky(A):
    import jax.numpy as jnp
    from jax import lax

    rows = jnp.arange(A.shape[0])

    def column(L, j):
        root = jnp.sqrt(A[j, j] - L[j] @ L[j])
        below = jnp.where(rows > j, (A[:, j] - L @ L[j]) / root, 0.0)
        return L.at[:, j].set(below.at[j].set(root)), jnp.log(root)

    _, logs = lax.scan(column, jnp.zeros_like(A), rows)
    return 2.0 * jnp.sum(logs)


def newton_sqrt(a, tol):
    import jax.numpy as jnp
    from jax import lax

    def step(x, _):  # a fixed number of passes: `while_loop` has no reverse mode
        return jnp.where(jnp.abs(x * x - a) > tol, 0.5 * (x + a / x), x), None

    x, _ = lax.scan(step, a, None, length=20)
    return x


def march(x, h, n, cap):
    import jax.numpy as jnp
    from jax import lax

    def step(state, i):
        y, early = state
        early = early | (y > cap)
        return (jnp.where(early | (i % 3 == 2), y, y + h * jnp.sin(y)), early), None

    (y, early), _ = lax.scan(step, (x, jnp.asarray(False)), jnp.arange(n))
    return jnp.where(early, cap * x, y * y)


def block(u, k, h, steps):
    import jax.numpy as jnp
    from jax import lax

    def step(u, _):
        lap = u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1] + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
        lap = lap + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2] - 6.0 * u[1:-1, 1:-1, 1:-1]
        return u.at[1:-1, 1:-1, 1:-1].add(h * k * lap), None

    u, _ = lax.scan(step, u, None, length=steps)
    return jnp.sum(u * u)
