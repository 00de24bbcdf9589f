"""Programs that only the benchmarks have, and what is to be computed of them by hand."""

import numpy as np


# Heat in a block of varying conductivity, updated in place.
def block(u, k, h, steps):
    u = u.copy()
    for _ in range(steps):
        lap = u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1] + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
        lap = lap + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2] - 6.0 * u[1:-1, 1:-1, 1:-1]
        u[1:-1, 1:-1, 1:-1] += h * k * lap
    return np.sum(u * u)


def block_by_hand(u, k, h, steps):
    u = u.copy()
    lap_saved = np.empty((steps, *k.shape))
    for t in range(steps):
        lap = u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1] + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
        lap = lap + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2] - 6.0 * u[1:-1, 1:-1, 1:-1]
        lap_saved[t] = lap
        u[1:-1, 1:-1, 1:-1] += h * k * lap

    u_bar = 2.0 * u
    k_bar = np.zeros_like(k)
    for t in range(steps - 1, -1, -1):
        a_bar = h * u_bar[1:-1, 1:-1, 1:-1]
        k_bar += a_bar * lap_saved[t]
        lap_bar = a_bar * k
        u_bar[2:, 1:-1, 1:-1] += lap_bar
        u_bar[:-2, 1:-1, 1:-1] += lap_bar
        u_bar[1:-1, 2:, 1:-1] += lap_bar
        u_bar[1:-1, :-2, 1:-1] += lap_bar
        u_bar[1:-1, 1:-1, 2:] += lap_bar
        u_bar[1:-1, 1:-1, :-2] += lap_bar
        u_bar[1:-1, 1:-1, 1:-1] -= 6.0 * lap_bar
    return u_bar, k_bar


def block_arguments(rng):
    return rng.random((26, 26, 26)), rng.random((24, 24, 24)), 0.1, 20


# The residuals of a bundle adjustment: points seen by a camera (its rotation, shift and lens); their Jacobian by it.
def residuals(camera, points, seen):
    rotation = camera[:3]
    angle = np.sqrt(np.sum(rotation * rotation))
    axis = rotation / angle
    turned = np.cos(angle) * points + np.sin(angle) * np.cross(axis, points)
    turned = turned + (1.0 - np.cos(angle)) * np.outer(points @ axis, axis) + camera[3:6]
    flat = turned[:, :2] / turned[:, 2:]
    square = np.sum(flat * flat, axis=1)
    scale = camera[6] * (1.0 + camera[7] * square + camera[8] * square * square)
    return scale[:, None] * flat - seen


def residuals_by_hand(camera, points, seen):
    rotation, focus, once, twice = camera[:3], camera[6], camera[7], camera[8]
    angle = np.sqrt(np.sum(rotation * rotation))
    axis = rotation / angle
    c, s = np.cos(angle), np.sin(angle)
    across = np.cross(axis, points)
    along = points @ axis
    outer = np.outer(along, axis)
    turned = c * points + s * across + (1.0 - c) * outer + camera[3:6]
    depth = turned[:, 2]
    flat = turned[:, :2] / turned[:, 2:]
    square = np.sum(flat * flat, axis=1)
    warp = 1.0 + once * square + twice * square * square
    scale = focus * warp
    slope = 2.0 * focus * (once + 2.0 * twice * square)

    found = np.empty((len(points), 2, 9))
    by_flat = slope[:, None, None] * flat[:, :, None] * flat[:, None, :]
    by_flat[:, 0, 0] += scale
    by_flat[:, 1, 1] += scale
    by_turned = found[:, :, 3:6]
    by_turned[:, :, :2] = by_flat / depth[:, None, None]
    by_turned[:, :, 2] = -np.sum(by_turned[:, :, :2] * flat[:, None, :], axis=2)
    by_angle = c * across - s * (points - outer)
    for j in range(3):
        axis_dot = -axis[j] * axis / angle
        axis_dot[j] += 1.0 / angle
        turned_dot = axis[j] * by_angle + s * np.cross(axis_dot, points)
        turned_dot += (1.0 - c) * (np.outer(points @ axis_dot, axis) + np.outer(along, axis_dot))
        found[:, :, j] = np.sum(by_turned * turned_dot[:, None, :], axis=2)
    found[:, :, 6] = warp[:, None] * flat
    found[:, :, 7] = (focus * square)[:, None] * flat
    found[:, :, 8] = (focus * square * square)[:, None] * flat
    return found


def residuals_arguments(rng):
    points = rng.standard_normal((3000, 3))
    return np.array([0.3, -0.2, 0.5, 0.1, 0.2, 6.0, 1.1, 0.05, 0.01]), points, points[:, :2] / 6.0


# The cost of a clustering; its Hessian by the centres is diagonal, so its product with ones is all there is of it.
def clusters(points, centres):
    distances = np.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=2)
    nearest = np.argmin(distances, axis=1)
    return np.sum((points - centres[nearest]) ** 2)


def clusters_by_hand(points, centres, direction):
    distances = np.sum((points[:, None, :] - centres[None, :, :]) ** 2, axis=2)
    counts = np.bincount(np.argmin(distances, axis=1), minlength=len(centres))
    return 2.0 * counts[:, None] * direction


def clusters_arguments(rng):
    return rng.standard_normal((2000, 4)), rng.standard_normal((5, 4))
