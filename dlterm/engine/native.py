"""Kernels as machine code: compiled by Numba once, kept as object files, loaded without Numba afterwards.

Numba's own cache would do for the speed of a step, but not for a start: importing Numba and reading its pickled
cache takes 0.5 s and 90 MB on every start, loading the same machine code through LLVM alone 0.05 s. An object file
is found by what it was made from (see `objects.py`), so an edited helper can never leave stale code behind.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from typing import Any

import llvmlite.binding as llvm

from dlterm.engine.objects import ObjectStore

Progress = Callable[[int, int, str], None]  # kernels done, kernels in all, the name of the next


class KernelError(Exception):
    """A kernel that cannot be compiled on this machine."""


class Kernel:
    """A function `(row, floats, integers, hyper, step)` over the words of `vector.py`, compiled on first use.

    `row` points to the instruction's integers (see `tape.py`), `floats` and `integers` to the arenas, `hyper` to the
    hyper-parameters (float64), `step` is the number of the training step.
    """

    def __init__(self, name: str, function: Callable[..., None]) -> None:
        self.name = name
        self.function = function

    def __repr__(self) -> str:
        return f"Kernel({self.name})"

    @functools.cached_property
    def address(self) -> int:
        """Where the machine code begins; compiles or loads it the first time."""
        return _loader().address(self)


def load(kernels: Iterable[Kernel], progress: Progress | None = None) -> None:
    """Have the kernels ready; `progress` hears of those that must be compiled."""
    missing = [k for k in dict.fromkeys(kernels) if "address" not in vars(k)]
    loader = _loader()
    to_compile = [kernel for kernel in missing if not loader.is_stored(kernel)]
    for kernel in missing:
        if progress is not None and kernel in to_compile:
            progress(to_compile.index(kernel), len(to_compile), kernel.name)
        _ = kernel.address
    if progress is not None and to_compile:
        progress(len(to_compile), len(to_compile), "")


def notice() -> str:
    """One line about the store of compiled kernels, where something is wrong with it; else empty."""
    return _loader().store.notice


@functools.cache
def _loader() -> _Loader:
    return _Loader(ObjectStore.open(processor()))


@functools.cache
def processor() -> str:
    """The processor's name and features: machine code is for this one only."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"


class _Loader:
    """Object code in, addresses out."""

    def __init__(self, store: ObjectStore) -> None:
        processor()  # initialises LLVM
        self.store = store
        self._target = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
            cpu=llvm.get_host_cpu_name(),
            features=llvm.get_host_cpu_features().flatten(),
            opt=3,
            reloc="pic",
            codemodel="small",  # a kernel's constants lie beside its code
        )
        self._engine: Any = llvm.create_mcjit_compiler(llvm.parse_assembly(""), self._target)

    def is_stored(self, kernel: Kernel) -> bool:
        return self.store.read(kernel.name) is not None

    def address(self, kernel: Kernel) -> int:
        code = self.store.read(kernel.name)
        if code is None:
            code = self._compile(kernel)
            self.store.write(kernel.name, code)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        return int(self._engine.get_function_address(_symbol(kernel.name)))

    def _compile(self, kernel: Kernel) -> bytes:
        # The module is optimised below, once: Numba's own passes would cost a third of the time for nothing.
        os.environ.setdefault("NUMBA_OPT", "0")
        try:
            from dlterm.engine.lowering import compile_kernel

            name, assembly = compile_kernel(kernel.function)
        except Exception as error:  # whatever Numba raises, on whatever Python and processor it does not know
            raise KernelError(f"{kernel.name} cannot be compiled: {type(error).__name__}") from error
        module = llvm.parse_assembly(assembly.replace("noinline", "alwaysinline"))
        for function in module.functions:
            if function.name == name:
                function.name = _symbol(kernel.name)
            elif not function.is_declaration:
                function.linkage = "internal"
        # Nothing but the kernel is visible, so that LLVM can prove that the status which Numba's code returns is
        # always 0, and drops the wrapper's error path with its calls into the interpreter.
        options = llvm.create_pipeline_tuning_options(speed_level=3)
        passes = llvm.create_pass_builder(self._target, options)
        passes.getModulePassManager().run(module, passes)
        return bytes(self._target.emit_object(module))


def _symbol(name: str) -> str:
    return f"dlterm_{name}"
