"""Programs that PyTorch does not take as they are, as its users have to write them.

Numbers that vary are tensors, names are torch's, and what a later store overwrites is cloned before it is read.
"""

import torch


def heat(u, c, nt):
    v = u.clone()
    for _ in range(nt):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
        v[0] = v[1].clone() ** 2
    return torch.sum(v * v)


def heat_linear(u, c, nt):
    v = u.clone()
    for _ in range(nt):
        v[1:-1] = v[1:-1] + c * (v[2:] - 2.0 * v[1:-1] + v[:-2])
    return torch.sum(v * v)


def thomas(a, b, c, d):
    n = len(d)
    w, g = [c[0] / b[0]], [d[0] / b[0]]
    for i in range(1, n):
        pivot = b[i] - a[i] * w[-1]
        g.append((d[i] - a[i] * g[-1]) / pivot)
        w.append(c[i] / pivot)
    x = [g[-1]]
    for i in range(n - 2, -1, -1):
        x.append(g[i] - w[i] * x[-1])
    x = torch.stack(x)
    return torch.sum(x * x)


def alignment(x, y, gamma):
    n, m = len(x), len(y)
    far = torch.full((), 100.0, dtype=x.dtype)
    before = [torch.zeros((), dtype=x.dtype)] + [far] * m
    for i in range(n):
        row = [far]
        for j in range(m):
            total = torch.exp(-before[j] / gamma) + torch.exp(-before[j + 1] / gamma) + torch.exp(-row[j] / gamma)
            row.append((x[i] - y[j]) ** 2 - gamma * torch.log(total))
        before = row
    return before[m]


def cholesky(A):
    n = A.shape[0]
    L = torch.zeros_like(A)
    total = 0.0
    for j in range(n):
        row = L[j, :j].clone()
        root = torch.sqrt(A[j, j] - row @ row)
        L[j, j] = root
        total = total + torch.log(root)
        for i in range(j + 1, n):
            L[i, j] = (A[i, j] - L[i, :j].clone() @ row) / root
    return 2.0 * total


def bundle(rotation, shift, lens, points, seen):
    angle = torch.sqrt(torch.sum(rotation * rotation))
    axis = rotation / angle
    turned = torch.cos(angle) * points + torch.sin(angle) * torch.linalg.cross(axis.expand_as(points), points)
    turned = turned + (1.0 - torch.cos(angle)) * torch.outer(points @ axis, axis) + shift
    flat = turned[:, :2] / turned[:, 2:]
    square = torch.sum(flat * flat, dim=1)
    scale = lens[0] * (1.0 + lens[1] * square + lens[2] * square * square)
    residual = scale[:, None] * flat - seen
    return 0.5 * torch.sum(residual * residual)


def wave(u, p, k, h, steps):
    u, p = u.clone(), p.clone()
    for _ in range(steps):
        lap = u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        p[1:-1, 1:-1] += h * k * lap
        u += h * p
    return torch.sum(u * u)


def nbody(x, v, mass, h, steps):
    x, v = x.clone(), v.clone()
    for _ in range(steps):
        for i in range(len(mass)):
            d = x - x[i]
            square = torch.sum(d * d, dim=1) + 0.01
            v[i] += h * ((mass / (square * torch.sqrt(square))) @ d)
        x += h * v
    return torch.sum(x * v)


def monte_carlo(spot, sigma, rate, strike, years, draws):
    dt = years / len(draws)
    s = spot.expand(draws.shape[1])
    for z in draws:
        s = s * torch.exp((rate - 0.5 * sigma * sigma) * dt + sigma * dt**0.5 * z)
    return torch.exp(-rate * years) * torch.mean(torch.relu(s - strike))


def logistic(w, b, features, labels, ridge):
    z = features @ w + b
    return torch.mean(torch.nn.functional.softplus(z) - labels * z) + 0.5 * ridge * torch.sum(w * w)


def mixture(weights, means, widths, x):
    prior = torch.log_softmax(weights, dim=0)
    scaled = (x[:, None, :] - means) * torch.exp(-widths)
    density = prior - torch.sum(widths, dim=1) - 0.5 * torch.sum(scaled * scaled, dim=2)
    return torch.mean(torch.logsumexp(density, dim=1))


def block(u, k, h, steps):
    u = u.clone()
    for _ in range(steps):
        lap = u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1] + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
        lap = lap + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2] - 6.0 * u[1:-1, 1:-1, 1:-1]
        u[1:-1, 1:-1, 1:-1] += h * k * lap
    return torch.sum(u * u)


def residuals(camera, points, seen):
    rotation = camera[:3]
    angle = torch.sqrt(torch.sum(rotation * rotation))
    axis = rotation / angle
    turned = torch.cos(angle) * points + torch.sin(angle) * torch.linalg.cross(axis.expand_as(points), points)
    turned = turned + (1.0 - torch.cos(angle)) * torch.outer(points @ axis, axis) + camera[3:6]
    flat = turned[:, :2] / turned[:, 2:]
    square = torch.sum(flat * flat, dim=1)
    scale = camera[6] * (1.0 + camera[7] * square + camera[8] * square * square)
    return scale[:, None] * flat - seen
