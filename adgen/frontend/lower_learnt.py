"""What the lowering of a function finds out and begins again with: which places make memory, and what it holds.

xs = []              first pass: a list with nothing in it
xs.append(x * x)     xs is memory, then: a list of floats; each time lowering begins again
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass, field

from adgen.frontend.bindings import Binding, FunctionSource
from adgen.frontend.callees import Callees
from adgen.frontend.lower_memory import Key
from adgen.frontend.lower_things import Site
from adgen.frontend.normalise import Facts
from adgen.ir.types import Type

Made = tuple[FunctionSource, tuple[tuple[str, Binding], ...]]  # a derivative as a function, and what it captures


@dataclass
class Learnt:
    """What a pass over the function has found out; the next pass starts with it."""

    memory: dict[Site, None] = field(default_factory=dict)  # places whose arrays and lists are written to
    items: dict[Site, Type] = field(default_factory=dict)  # element types of lists that grow
    computed: dict[Site, None] = field(default_factory=dict)  # dicts with computed keys, sorts with computed order
    keys: dict[Site, Type] = field(default_factory=dict)  # and the types of those
    noneable: bool = False  # whether None stands in a list
    firm: dict[Site, None] = field(default_factory=dict)  # lists that nothing is put into: their elements stay None
    changing: dict[Site, None] = field(default_factory=dict)  # lists whose arrays are changed in place
    links: dict[Site, dict[Key, None]] = field(default_factory=dict)  # objects that joined values may be
    fields: dict[Site, dict[str, None]] = field(default_factory=dict)  # that objects get on some paths only
    either: dict[Site, None] = field(default_factory=dict)  # where a name stands for one of several arrays
    viewed: dict[Site, None] = field(default_factory=dict)  # loops over an array that is written to meanwhile
    late: dict[Site, bool | None] = field(default_factory=dict)  # rows read after their loop: taken out anew there?
    windows: dict[Site, None] = field(default_factory=dict)  # calls whose results are views that see writes
    functions: dict[Site, None] = field(default_factory=dict)  # lists, and comprehensions, of functions
    texts: dict[ast.AST, Facts] = field(default_factory=dict)  # what can be said of functions' texts
    nodes: dict[ast.AST, ast.expr] = field(default_factory=dict)
    standins: dict[tuple[ast.AST, str], ast.Lambda] = field(default_factory=dict)  # what stands for library functions
    bodies: dict[ast.AST, ast.FunctionDef | ast.Lambda] = field(default_factory=dict)  # functions without sugar
    sources: dict[object, FunctionSource] = field(default_factory=dict)  # nested functions that are differentiated
    derived: dict[object, Made] = field(default_factory=dict)  # derivatives taken inside the function
    made: dict[object, ast.stmt] = field(default_factory=dict)  # statements that are not in the text, one for each use
    callees: Callees = field(default_factory=Callees)  # functions that call themselves
    silent: dict[str, None] = field(default_factory=dict)  # kinds of floating-point warnings that are switched off
    number: int = field(default_factory=itertools.count().__next__)  # tells it from what others have learnt

    def beside(self) -> Learnt:
        """What the lowering of another function begins with: the same texts, nothing of memory."""
        texts = {"nodes": self.nodes, "bodies": self.bodies, "sources": self.sources, "derived": self.derived}
        return Learnt(**texts, made=self.made, texts=self.texts, callees=self.callees, silent=self.silent)  # type: ignore[arg-type]
