"""What Numba does to a kernel: it types it and writes its LLVM assembly, and leaves out all that kernels do not need.

Left to itself, Numba makes every function ready to be called from Python: it optimises it, generates machine code and
binds that to the interpreter, and it runs some twenty passes for closures, lists, objects and parallel loops. A kernel
has none of these. Its assembly alone is wanted, and `native.py` optimises that once, with all helpers in it: half the
time. Written as Numba's manual describes it ("Customizing the Compiler"), but for `_Assembly`.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.registry import cpu_target
from numba.core.typed_passes import (
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    FixupArgs,
    GenericRewrites,
    IRProcessing,
    ReconstructSSA,
    TranslateByteCode,
)


def load() -> None:
    """Have Numba load all that it would load at the first compilation: 0.2 s."""
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()


class _Assembly(JITCodeLibrary):
    """The assembly of a function and of all it calls; nothing of it is optimised, and nothing runs in this process."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        """No address: there is no machine code."""
        self._ensure_finalized()
        return 0


@register_pass(mutates_CFG=False, analysis_only=False)
class _Lowering(NativeLowering):
    """Numba's lowering into assembly, by which other functions may call this one."""

    _name = "dlterm_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _Assembly(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        function: Any = [].append  # some built-in function, no two alike, in place of one that runs this
        state.targetctx.insert_user_function(function, state.cr.fndesc, [state.library])
        state.cr = state.cr._replace(cfunc=function)
        return True


class Pipeline(CompilerBase):
    """The passes of a kernel and its helpers."""

    def define_pipelines(self) -> list[PassManager]:
        """One pipeline, without a fallback."""
        manager = PassManager("kernel")
        for each in _PASSES:
            manager.add_pass(each, each.__name__)
        manager.finalize()
        return [manager]


_PASSES = (
    TranslateByteCode,
    FixupArgs,
    IRProcessing,
    GenericRewrites,
    ReconstructSSA,
    NopythonTypeInference,
    PreLowerStripPhis,
    IRLegalization,
    _Lowering,
    NoPythonBackend,
)

# Of what is overridden here, some is Numba's own business. A version that nobody has tried compiles kernels in its own
# way: all is as good, and the first start takes twice as long.
_TRIED = (0, 62), (0, 68)
_IS_TRIED = _TRIED[0] <= tuple(map(int, numba.__version__.split(".")[:2])) <= _TRIED[1]

# How kernels are compiled.
KERNELS: Any = {"pipeline_class": Pipeline} if _IS_TRIED else {}

# How their helpers are: a kernel calls them, Python never does, and they count no references.
HELPERS: Any = (
    {**KERNELS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
    if _IS_TRIED
    else {"nopython": True}
)
