"""Small functions that generated modules define for themselves, where types leave something to decide at run time.

>>> print(source(["_zeros_like"]).splitlines()[0])
def _zeros_like(x):
>>> modules(["_add"])
()
"""

from __future__ import annotations

from collections.abc import Iterable

from adgen.naming import COMPILED as DECORATOR
from adgen.rules.runtime import COMPILED as COMPILED
from adgen.rules.runtime import HELPERS as HELPERS
from adgen.rules.runtime import OBJECTS
from adgen.rules.runtime_special import SPECIAL

INDICES = "ijklmn"
_IMPORTS = {"_polygamma": "import math", "_quad": "import scipy.integrate"}
_IMPORTS |= {"_trajectory": "import scipy.integrate", **dict.fromkeys(SPECIAL, "import scipy.special")}


def source(names: Iterable[str], objects: bool = False) -> str:
    """The definitions of the helpers with these names, in a fixed order; `objects`: they go through objects, too."""
    wanted, known = list(names), HELPERS | OBJECTS if objects else HELPERS
    return "\n\n".join(text.strip() + "\n" for name, text in known.items() if name in wanted)


def compiled(names: Iterable[str]) -> list[str]:
    """Those for Numba: the definitions of helpers by the names under which compiled text calls them.

    >>> print(compiled(["_unbroadcast_2_1"])[0].partition("\\n")[2], end="")
    def _unbroadcast_2_1(g, like):
        \"\"\"The sum of g over the axes along which `like` was repeated.\"\"\"
        out = np.zeros_like(like)
        for i in range(g.shape[0]):
            for j in range(g.shape[1]):
                out[j if like.shape[0] > 1 else 0] += g[i, j]
        return out
    """
    texts = [COMPILED[name] if name in COMPILED else _unbroadcast(name) for name in sorted(set(names))]
    return [f"{DECORATOR}\n{text.strip()}\n" for text in texts]


def is_compiled(name: str) -> bool:
    """Whether a helper has a form that Numba compiles.

    >>> is_compiled("_unbroadcast_2_1"), is_compiled("_copy")
    (True, False)
    """
    return name in COMPILED or name.startswith("_unbroadcast_")


def _unbroadcast(name: str) -> str:
    """`_unbroadcast_2_1`: from rank 2 to rank 1."""
    high, low = (int(part) for part in name.split("_")[2:])
    lines = [f"def {name}(g, like):", '    """The sum of g over the axes along which `like` was repeated."""']
    lines.append("    out = np.zeros_like(like)")
    indices = INDICES[:high]
    for axis, index in enumerate(indices):
        lines.append(f"{'    ' * (axis + 1)}for {index} in range(g.shape[{axis}]):")
    own = [f"{index} if like.shape[{axis}] > 1 else 0" for axis, index in enumerate(indices[high - low :])]
    lines += [f"{'    ' * (high + 1)}out[{', '.join(own)}] += g[{', '.join(indices)}]", "    return out"]
    return "\n".join(lines)


def modules(names: Iterable[str]) -> tuple[str, ...]:
    """The imports that helpers need, NumPy aside."""
    return tuple(sorted({_IMPORTS[name] for name in names if name in _IMPORTS}))
