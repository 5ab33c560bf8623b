"""One experiment on seeds: `python -m benchmarks.judge ID SEED ...` prints a JSON object each, after a run to warm up.

The peak memory is that of the whole process by then.
"""

from __future__ import annotations

import json
import resource
import sys

from benchmarks.process import MEGABYTE
from dlterm.experiments.driving import run
from dlterm.experiments.registry import find


def main(name: str, *seeds: str) -> None:
    experiment = find(name)
    run(experiment(), seed=0)  # kernels are compiled the first time
    for seed in seeds:
        result = run(experiment(), int(seed))
        assert result is not None
        found = {field: getattr(result, field) for field in ("seed", "holds", "seconds", "longest")}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
        print(json.dumps(found | {"measures": dict(result.measures), "megabytes": peak}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
