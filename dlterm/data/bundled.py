"""The small real data sets that come with scikit-learn, by name; nothing is fetched.

scikit-learn is imported where one of them is asked for, and not before: that takes 0.8 to 1.0 s and 91 MB, most of
it SciPy's, and 0.02 s more for the largest set. Reading the installed package's CSV files would save them, but where
those lie is not promised.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlterm.data.dataset import Dataset
from dlterm.data.remarks import remarks_on_classes
from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from dlterm.data.dataset import Task


class Bundled(NamedTuple):
    """What is known of a set before scikit-learn is asked for it; `description` is one line for a menu."""

    loader: str  # in sklearn.datasets
    description: str
    target: str  # what is predicted
    task: Task = "classification"
    image: tuple[int, int, int] | None = None  # channels, height, width


BUNDLED = MappingProxyType(
    {
        "digits": Bundled(
            "load_digits", "handwritten digits, 8 by 8 pixels, 10 classes", "digit", image=(1, 8, 8)
        ),
        "iris": Bundled("load_iris", "150 flowers measured, 3 species", "species"),
        "wine": Bundled("load_wine", "178 wines analysed, 3 growers", "grower"),
        "breast-cancer": Bundled("load_breast_cancer", "569 tumours, malignant or benign", "diagnosis"),
        "diabetes": Bundled(
            "load_diabetes", "442 patients, how the illness went on (regression)", "progression", "regression"
        ),
    }
)


def read_bundled(name: str) -> Dataset:
    """Read the set `name`, in its own units. Raises DltermError (configuration) where scikit-learn is missing."""
    entry = BUNDLED[name]
    try:
        from sklearn import datasets
    except ImportError:
        raise DltermError(
            f"{name}: scikit-learn, which holds this set, is not installed",
            hint="python3 -m pip install scikit-learn",
            exit_code=ExitCode.CONFIGURATION,
        ) from None
    options: dict[str, Any] = {"scaled": False} if name == "diabetes" else {}
    found = getattr(datasets, entry.loader)(**options)
    values = entry.task == "regression"
    inputs = np.ascontiguousarray(found.data, np.float32)
    targets = found.target.astype(np.float32 if values else np.int64)
    classes = () if values else tuple(map(str, found.target_names))
    return Dataset(
        name=name,
        inputs=inputs,
        targets=targets,
        task=entry.task,
        features=tuple(map(str, found.feature_names)),
        classes=classes,
        target=entry.target,
        notes=() if values else remarks_on_classes(classes, targets),
        image=entry.image,
    )
