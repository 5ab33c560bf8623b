"""A network in scikit-learn, whose networks are layers of units of one activation, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.training.source.parts import function, literals
from dlterm.training.source.steps import refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.training.model_file import Trained
    from dlterm.training.source.steps import Step
    from dlterm.training.task import Objective

TITLE = "scikit-learn"

_ACTIVATIONS = {"tanh": "tanh", "sigmoid": "logistic", "relu": "relu"}


def imports(trained: Trained) -> list[str]:
    """The lines that import what the source uses."""
    return [
        f"from sklearn.neural_network import {_estimator(trained)}",
        "from sklearn.pipeline import make_pipeline",
        "from sklearn.preprocessing import FunctionTransformer",
    ]


def network(trained: Trained, steps: Sequence[Step]) -> str:
    """The estimator with the network's arrays, a pipeline that prepares its inputs, and `predict`."""
    layers = _layers(steps)
    activation = _one_activation([name for _, name in layers])
    sizes = tuple(step.after[0] for step, _ in layers[:-1])
    objective = trained.about.objective
    _check(objective)
    values = objective.task == "regression"
    classes = "" if values else f", classes=range({len(trained.about.classes)})"
    answer = "predict" if values else "predict_proba"
    of = "Values [n]" if values else "The probability of each of CLASSES [n, classes]"
    return "\n".join(
        [
            f'network = {_estimator(trained)}(hidden_layer_sizes={sizes}, activation="{activation}")',
            "# One step on one example makes all that the estimator needs; then its arrays are replaced.",
            f"network.partial_fit(np.zeros((1, {steps[0].before[0]}), np.float32), [0]{classes})",
            f"LAYERS = {literals([step.name for step, _ in layers])}",
            'network.coefs_ = [WEIGHTS[f"{layer}.weight"].T for layer in LAYERS]',
            'network.intercepts_ = [WEIGHTS[f"{layer}.bias"] for layer in LAYERS]',
            *_last(objective),
            "model = make_pipeline(FunctionTransformer(prepare), network)",
            "",
            "",
            function(
                "predict(x)", f"{of} for examples in the data's own units.", [f"return model.{answer}(x)"]
            ),
        ]
    )


def _estimator(trained: Trained) -> str:
    return "MLPRegressor" if trained.about.objective.task == "regression" else "MLPClassifier"


def _last(objective: Objective) -> list[str]:
    """What the last layer must answer here, where it is not what it answers in dlterm."""
    if objective.task == "regression":
        mean, std = f"np.float32({objective.mean!r})", f"np.float32({objective.std!r})"
        return [
            f"network.coefs_[-1] = network.coefs_[-1] * {std}  # it was trained on a standardised target",
            f"network.intercepts_[-1] = network.intercepts_[-1] * {std} + {mean}",
        ]
    if objective.loss == "cross_entropy" and objective.outputs == 2:
        return [
            "network.coefs_[-1] = network.coefs_[-1][:, 1:] - network.coefs_[-1][:, :1]  # one output for two classes",
            "network.intercepts_[-1] = network.intercepts_[-1][1:] - network.intercepts_[-1][:1]",
        ]
    return []


def _check(objective: Objective) -> None:
    """Raise DltermError where the estimator makes other probabilities of the outputs."""
    one_of_many = objective.loss == "cross_entropy"
    yes_or_no = objective.loss == "binary_cross_entropy" and objective.outputs == 1
    if objective.task != "regression" and not one_of_many and not yes_or_no:
        raise refused(TITLE, f"the loss {objective.loss} for {max(2, objective.outputs)} classes")


def _layers(steps: Sequence[Step]) -> list[tuple[Step, str]]:
    """Each layer of units and its activation, by scikit-learn's name."""
    layers: list[tuple[Step, str]] = []
    for step in steps:
        if step.op == "linear":
            layers.append((step, "identity"))
        elif step.op in _ACTIVATIONS:
            layers[-1] = (layers[-1][0], _ACTIVATIONS[step.op])
        elif step.op != "dropout":  # which does nothing but in training
            raise refused(TITLE, step.op)
    return layers


def _one_activation(names: Sequence[str]) -> str:
    """That of the hidden layers; the last has none."""
    hidden, last = set(names[:-1]), names[-1]
    if len(hidden) > 1:
        raise refused(TITLE, f"the activations {', '.join(sorted(hidden))}")
    if last != "identity":
        raise refused(TITLE, f"{last} after its last layer")
    return hidden.pop() if hidden else "identity"
