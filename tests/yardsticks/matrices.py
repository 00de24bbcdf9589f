"""Programs of linear algebra, and their adjoints by hand."""

import numpy as np


# The logarithm of a determinant by a Cholesky factorisation, column by column.
def cholesky(A):
    n = A.shape[0]
    L = np.zeros_like(A)
    total = 0.0
    for j in range(n):
        L[j, j] = np.sqrt(A[j, j] - L[j, :j] @ L[j, :j])
        total += np.log(L[j, j])
        for i in range(j + 1, n):
            L[i, j] = (A[i, j] - L[i, :j] @ L[j, :j]) / L[j, j]
    return 2.0 * total


def cholesky_by_hand(A):
    n = A.shape[0]
    L = np.zeros_like(A)
    for j in range(n):
        L[j, j] = np.sqrt(A[j, j] - L[j, :j] @ L[j, :j])
        for i in range(j + 1, n):
            L[i, j] = (A[i, j] - L[i, :j] @ L[j, :j]) / L[j, j]

    A_bar = np.zeros_like(A)
    L_bar = np.zeros_like(L)
    for j in range(n - 1, -1, -1):
        for i in range(n - 1, j, -1):
            top_bar = L_bar[i, j] / L[j, j]
            L_bar[j, j] -= top_bar * L[i, j]
            A_bar[i, j] = top_bar
            L_bar[i, :j] -= top_bar * L[j, :j]
            L_bar[j, :j] -= top_bar * L[i, :j]
        root_bar = 0.5 * (L_bar[j, j] + 2.0 / L[j, j]) / L[j, j]
        A_bar[j, j] = root_bar
        L_bar[j, :j] -= 2.0 * root_bar * L[j, :j]
    return A_bar


def cholesky_arguments(rng, size):
    n = 4 * size
    A = rng.standard_normal((n, n))
    return (A @ A.T + n * np.eye(n),)


# The negative log-likelihood of measurements under a linear state space model.
def kalman(Q, R, F, H, x, P, measured):
    loss = 0.0
    for z in measured:
        x = F @ x
        P = F @ P @ F.T + Q
        v = z - H @ x
        S = H @ P @ H.T + R
        K = np.linalg.solve(S, H @ P).T
        loss += v @ np.linalg.solve(S, v) + np.log(np.linalg.det(S))
        x = x + K @ v
        P = P - K @ H @ P
    return loss


def kalman_by_hand(Q, R, F, H, x, P, measured):
    saved = []
    for z in measured:
        x = F @ x
        P = F @ P @ F.T + Q
        v = z - H @ x
        S = H @ P @ H.T + R
        HP = H @ P
        K = np.linalg.solve(S, HP).T
        u = np.linalg.solve(S, v)
        saved.append((HP, v, S, K, u))
        x = x + K @ v
        P = P - K @ HP

    Q_bar = np.zeros_like(Q)
    R_bar = np.zeros_like(R)
    x_bar = np.zeros_like(x)
    P_bar = np.zeros_like(P)
    for HP, v, S, K, u in reversed(saved):
        # P = P - K @ HP; x = x + K @ v
        K_bar = np.outer(x_bar, v) - P_bar @ HP.T
        v_bar = K.T @ x_bar
        # loss += v @ u + log(det(S)), with u = solve(S, v)
        w = np.linalg.solve(S.T, v)
        v_bar += u + w
        S_bar = np.linalg.inv(S).T - np.outer(w, u)
        # K = solve(S, HP).T
        T_bar = np.linalg.solve(S.T, K_bar.T)
        S_bar -= T_bar @ K
        R_bar += S_bar
        P_bar += H.T @ (T_bar - K.T @ P_bar + S_bar @ H)
        Q_bar += P_bar
        x_bar = F.T @ (x_bar - H.T @ v_bar)
        P_bar = F.T @ P_bar @ F
    return Q_bar, R_bar


def kalman_arguments(rng, size):
    n, k = 4, 2
    F = np.eye(n) + 0.1 * rng.standard_normal((n, n))
    H = rng.standard_normal((k, n))
    Q, R = 0.1 * np.eye(n), 0.5 * np.eye(k)
    return Q, R, F, H, rng.standard_normal(n), np.eye(n), rng.standard_normal((3 * size, k))


# Bundle adjustment: points seen by a camera, rotated by Rodrigues' formula, with radial distortion.
def bundle(rotation, shift, lens, points, seen):
    angle = np.sqrt(np.sum(rotation * rotation))
    axis = rotation / angle
    turned = np.cos(angle) * points + np.sin(angle) * np.cross(axis, points)
    turned = turned + (1.0 - np.cos(angle)) * np.outer(points @ axis, axis) + shift
    flat = turned[:, :2] / turned[:, 2:]
    square = np.sum(flat * flat, axis=1)
    scale = lens[0] * (1.0 + lens[1] * square + lens[2] * square * square)
    residual = scale[:, None] * flat - seen
    return 0.5 * np.sum(residual * residual)


def bundle_by_hand(rotation, shift, lens, points, seen):
    angle = np.sqrt(np.sum(rotation * rotation))
    axis = rotation / angle
    c, s = np.cos(angle), np.sin(angle)
    across = np.cross(axis, points)
    along = points @ axis
    outer = np.outer(along, axis)
    turned = c * points + s * across + (1.0 - c) * outer + shift
    flat = turned[:, :2] / turned[:, 2:]
    square = np.sum(flat * flat, axis=1)
    warp = 1.0 + lens[1] * square + lens[2] * square * square
    scale = lens[0] * warp
    residual = scale[:, None] * flat - seen

    scale_bar = np.sum(residual * flat, axis=1)
    lens_bar = np.empty_like(lens)
    lens_bar[0] = scale_bar @ warp
    warp_bar = lens[0] * scale_bar
    lens_bar[1] = warp_bar @ square
    lens_bar[2] = warp_bar @ (square * square)
    square_bar = warp_bar * (lens[1] + 2.0 * lens[2] * square)
    flat_bar = scale[:, None] * residual + 2.0 * square_bar[:, None] * flat
    turned_bar = np.empty_like(turned)
    turned_bar[:, :2] = flat_bar / turned[:, 2:]
    turned_bar[:, 2] = -np.sum(turned_bar[:, :2] * flat, axis=1)
    outer_bar = (1.0 - c) * turned_bar
    along_bar = outer_bar @ axis
    axis_bar = along @ outer_bar + along_bar @ points + s * np.sum(np.cross(points, turned_bar), axis=0)
    points_bar = c * turned_bar + s * np.cross(turned_bar, axis) + np.outer(along_bar, axis)
    angle_bar = c * np.vdot(turned_bar, across) + s * (np.vdot(turned_bar, outer) - np.vdot(turned_bar, points))
    angle_bar -= axis_bar @ axis / angle
    rotation_bar = axis_bar / angle + angle_bar * axis
    return rotation_bar, np.sum(turned_bar, axis=0), lens_bar, points_bar


def bundle_arguments(rng, size):
    n = 300 * size
    points = rng.standard_normal((n, 3))
    return np.array([0.3, -0.2, 0.5]), np.array([0.1, 0.2, 6.0]), np.array([1.1, 0.05, 0.01]), points, points[:, :2] / 6
