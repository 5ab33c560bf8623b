"""Kernels as machine code: compiled by Numba once, kept as object files, loaded without Numba afterwards.

Numba's own cache would do for the speed of a step, but not for a start: importing Numba and reading its pickled cache
takes 0.5 s and 90 MB on every start, loading the same machine code through LLVM alone some milliseconds. An object
file is found by what it was made from (see `objects.py`), so an edited helper can never leave stale code behind.

Kernels that are not kept yet are compiled by two processes beside this one (`workers.py`).
"""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import llvmlite.binding as llvm

from dlterm.engine import contents
from dlterm.engine.objects import ObjectStore
from dlterm.engine.workers import compile_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dlterm.engine.workers import Parts, Progress

_C_MATH = frozenset({"cos", "exp", "floor", "log", "pow", "sin", "sqrt", "sqrtf", "tanh"})

KERNELS: dict[str, Kernel] = {}  # every kernel of the vocabulary, by name
_listener: ContextVar[Progress | None] = ContextVar("listener", default=None)

_LOADING = threading.RLock()  # two threads may need their first kernels at once: a lab's and a race's


class KernelError(Exception):
    """A kernel that cannot be compiled on this machine."""


class Kernel:
    """A function `(row, floats, integers, hyper, step)` over the words of `vector.py`, compiled on first use.

    `row` points to the instruction's integers (see `tape.py`), `floats` and `integers` to the arenas, `hyper` to the
    hyper-parameters (float64), `step` is the number of the training step. A name stands for one kernel.
    """

    def __init__(self, name: str, function: Callable[..., None]) -> None:
        self.name = name
        self.function = function
        KERNELS[name] = self

    def __repr__(self) -> str:
        return f"Kernel({self.name})"

    @functools.cached_property
    def key(self) -> str:
        """Its place in the store: its name, and a hash of all that is compiled into it."""
        return f"{self.name}-{contents.key(self.function)}"

    @functools.cached_property
    def address(self) -> int:
        """Where the machine code begins; compiles or loads it the first time. Raises KernelError."""
        return _loader().address(self)


def load(kernels: Iterable[Kernel], progress: Progress | None = None) -> None:
    """Have the kernels ready; `progress`, or who is `heard`, hears of those that are compiled. Raises KernelError."""
    missing = [k for k in dict.fromkeys(kernels) if "address" not in vars(k)]
    store = _loader().store
    absent = [kernel for kernel in missing if store.read(kernel.key) is None]
    if absent:
        compile_beside(_parts(absent), store, progress or _listener.get())
    for kernel in missing:
        _ = kernel.address


@contextmanager
def heard(progress: Progress) -> Iterator[None]:
    """Within it, on this thread, `progress` hears of compilations that nobody else asked to hear of."""
    token = _listener.set(progress)
    try:
        yield
    finally:
        _listener.reset(token)


def prepare() -> None:
    """Compile, at low priority, every kernel of the vocabulary that is not kept yet; returns when that is done.

    For a thread of its own, once the first network trains: then no later change of activation or loss waits.
    """
    store = _loader().store
    absent = [kernel for kernel in list(KERNELS.values()) if store.read(kernel.key) is None]
    if absent:
        compile_beside(_parts(absent), store, background=True)


def _parts(kernels: Iterable[Kernel]) -> dict[str, Parts]:
    return {kernel.name: contents.parts(kernel.function) for kernel in kernels}


def notice() -> str:
    """One line about the store of compiled kernels, where something is wrong with it; else empty."""
    return _loader().store.notice


def compile_into(store: ObjectStore, kernel: Kernel) -> bytes:
    """Compile a kernel here and keep it. Raises KernelError."""
    code = _compile(kernel, _target())
    store.write(kernel.key, code)
    return code


def _loader() -> _Loader:
    """The one loader: with a second, the code of the first would be freed while it runs."""
    with _LOADING:
        return _only_loader()


@functools.cache
def _only_loader() -> _Loader:
    return _Loader(ObjectStore.open(processor()))


@functools.cache
def processor() -> str:
    """The processor's name and features: machine code is for this one only."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"


def _target() -> Any:
    """A target machine of its own for every user: an engine owns the one it is given."""
    processor()  # initialises LLVM
    return llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="pic",
        codemodel="small",  # a kernel's constants lie beside its code
    )


class _Loader:
    """Object code in, addresses out."""

    def __init__(self, store: ObjectStore) -> None:
        self.store = store
        self._engine: Any = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target())
        self._addresses: dict[str, int] = {}

    def address(self, kernel: Kernel) -> int:
        with _LOADING:
            if kernel.key not in self._addresses:
                self._addresses[kernel.key] = self._load(kernel)
            return self._addresses[kernel.key]

    def _load(self, kernel: Kernel) -> int:
        code = self.store.read(kernel.key)
        if code is None:
            code = compile_into(self.store, kernel)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        return int(self._engine.get_function_address(_symbol(kernel.name)))


def _compile(kernel: Kernel, target: Any) -> bytes:
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
    passes = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(module, passes)
    declared = [f.name for f in module.functions if f.is_declaration and not f.name.startswith("llvm.")]
    outside = ", ".join(sorted({*declared} - _C_MATH))
    if outside:  # such code would crash: the interpreter's functions cannot be reached from it
        raise KernelError(f"{kernel.name} can raise an error, or calls {outside}")
    return bytes(target.emit_object(module))


def _symbol(name: str) -> str:
    return f"dlterm_{name}"
