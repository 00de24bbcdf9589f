"""What NumPy imports at a first call it can import in functions that stand for its own, too: `np.multiply.outer`.

NumPy asks the calling function's globals for the builtins to import with, and crashed the process where they had none.
"""

import subprocess
import sys

PROGRAM = """
import adgen
import numpy as np

adgen.check_grads(np.multiply.outer, (np.array([1.0, 2.0, 3.0]), np.array([0.5, 2.0])))
print("right")
"""


def test_a_first_call_of_outer(tmp_path):
    (tmp_path / "first.py").write_text(PROGRAM)
    done = subprocess.run([sys.executable, "first.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "right\n", done.stderr
