"""Calls of Fourier transforms."""

from .cases import Case, Const, arr, draw


def z(*shape):
    """Complex numbers away from 0."""
    return draw("away", shape) + 1j * draw("any", shape)


NORMS = ("backward", "ortho", "forward")


def lines():
    for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
        real = name in ("rfft", "ihfft")
        for size in (4, 5):
            yield Case(f"np.fft.{name}", ("a",), [arr(size) if real else z(size)])
        given = arr(4, 5) if real else z(4, 5)
        yield Case(f"np.fft.{name}", ("a",), [arr(3, 4)])
        yield Case(f"np.fft.{name}", ("a",), [arr(4, dtype="f4")])
        for axis in (0, -1):
            yield Case(f"np.fft.{name}", ("a", "axis", "norm"), [given, Const(axis), Const("ortho")])
        for size, norm in zip((3, 4, 7), NORMS, strict=True):
            yield Case(f"np.fft.{name}", ("a", "n", "norm"), [given, Const(size), Const(norm)])
            yield Case(f"np.fft.{name}", ("a", "n", "axis"), [given, size, Const(0)])
        yield Case(f"np.fft.{name}", ("a", "n"), [arr(5), Const(6)])
        yield Case(f"np.fft.{name}", ("a", "n"), [arr(5), Const(None)])


def many():
    for name in ("fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"):
        real = name.startswith("rfft")
        given = arr(3, 4, 5) if real else z(3, 4, 5)
        yield Case(f"np.fft.{name}", ("a",), [given])
        yield Case(f"np.fft.{name}", ("a",), [arr(4, 3)])
        for norm in NORMS:
            yield Case(f"np.fft.{name}", ("a", "axes", "norm"), [given, Const((2, 0)), Const(norm)])
        for size in ((3, 6), (2, 5), (7, 4)):
            yield Case(f"np.fft.{name}", ("a", "s", "axes"), [given, Const(size), Const((0, 1))])
        yield Case(f"np.fft.{name}", ("a", "s", "axes"), [given, Const((3, -1)), Const((0, 2))])
        yield Case(f"np.fft.{name}", ("a", "s", "axes"), [given, (3, 6), Const((1, 0))])


def shifts():
    for name in ("fftshift", "ifftshift"):
        yield Case(f"np.fft.{name}", ("x",), [arr(5)])
        yield Case(f"np.fft.{name}", ("x", "axes"), [z(3, 4), Const(0)])
        yield Case(f"np.fft.{name}", ("x", "axes"), [arr(3, 5), Const((0, 1))])
    for name in ("fftfreq", "rfftfreq"):
        for size in (4, 5):
            yield Case(f"np.fft.{name}", ("n", "d"), [Const(size), 0.4])
    for have, want in ((4, 6), (6, 4), (3, 3)):
        yield Case("resized", None, [arr(have, 2), arr(want, 3)])


def all_of():
    return [*lines(), *many(), *shifts()]
