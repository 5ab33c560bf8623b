"""Whether the recipes of a pack do what it says of them: each is trained, and what is expected of it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.authoring.recipes import recipes
from dlterm.course.problem import Problem
from dlterm.course.schema import DIVERGES, Task
from dlterm.errors import DltermError
from dlterm.quiz.running import NotRunnableError, measures_in, run_challenge
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dlterm.authoring.recipes import Named
    from dlterm.course.whole import Whole
    from dlterm.quiz.results import Item, Results

SEEDS = (0, 1, 2)  # with which what is expected has to come out, beside the recipe's own
_A_WHILE = 3  # epochs, where a recipe does not say how many, and nothing is expected of its end


def run_faults(
    pack: Whole, results: Results, say: Callable[[str], None] = lambda _: None
) -> Iterator[Problem]:
    """What is not as the pack says it is; `say` is told of each recipe that has to be trained.

    A recipe of which nothing is expected is trained once, with its own seed, and must not diverge, unless the same one
    is expected to elsewhere in the pack. What cannot be trained at all is left to `recipe_faults`.
    """
    for trial in _trials(pack):
        item = trial.item(results)
        if not all(map(item.holds, trial.tried)):
            say(f"running {trial.named.text}")
        try:
            yield from _faults(trial, item)
        except (DltermError, NotRunnableError) as error:
            what = error.message if isinstance(error, DltermError) else str(error)
            named = trial.named
            yield Problem(named.file, named.line, f"{named.text}: {what}", "see docs/writing-content.md")


def recipes_not_kept(pack: Whole, results: Results) -> Iterator[str]:
    """The recipes of which the pack's results do not say what comes out as they are now."""
    for trial in _trials(pack):
        if not all(map(trial.item(results).keeps, trial.tried)):
            yield trial.named.text


@dataclass(frozen=True)
class _Trial:
    """A recipe that is named, with the seeds that it is trained with, and what is expected of each."""

    named: Named
    recipe: Recipe
    tried: tuple[Recipe, ...]
    expect: tuple[str, ...]

    @property
    def require(self) -> tuple[str, ...]:
        """What is expected of what is measured."""
        return tuple(each for each in self.expect if each != DIVERGES)

    def item(self, results: Results) -> Item:
        """What came out of it."""
        return results.item(self.named.file, measures_in(self.require))


def _trials(pack: Whole) -> Iterator[_Trial]:
    found = list(recipes(pack))
    wild = {named.text for named in found if DIVERGES in named.expect}
    for named in found:
        try:
            recipe = named.recipe()
        except DltermError:
            continue
        expect = named.expect or ((DIVERGES,) if named.text in wild else ())
        tried = [recipe.with_(seed=seed) for seed in _seeds(recipe)] if expect else [_for_a_while(recipe)]
        yield _Trial(named, recipe, tuple(tried), expect)


def _seeds(recipe: Recipe) -> tuple[int, ...]:
    return tuple(sorted({recipe.seed, *SEEDS}))


def _for_a_while(recipe: Recipe) -> Recipe:
    return recipe if recipe.epochs != Recipe().epochs else recipe.with_(epochs=_A_WHILE)


def _faults(trial: _Trial, item: Item) -> Iterator[Problem]:
    """What is wrong with one."""
    named, recipe, expect = trial.named, trial.recipe, trial.expect
    ends = {each.seed: item.measure(each).ended for each in trial.tried}
    wanted = "diverged" if DIVERGES in expect else "finished"
    for seed, ended in ends.items():
        if ended != wanted and (
            expect or ended == "diverged"
        ):  # a minute without diverging is enough of a try
            what = f"{named.text} with seed {seed}: {_ENDS[ended]}"
            mend = f"{_ENDS[wanted]} is expected" if expect else 'another recipe, or expect = ["diverges"]'
            yield Problem(named.file, named.line, what, mend)
    if not trial.require or set(ends.values()) != {"finished"}:
        return
    seeds = tuple(ends)
    task = Task(
        data=recipe.data, seeds=seeds, require=trial.require, pass_seeds=len(seeds), reference=named.text
    )
    for attempt in run_challenge(task, recipe, item).attempts:
        for missed in attempt.missed:
            (name,) = measures_in([missed])
            what = f"{named.text} with seed {attempt.seed}: {name} is {attempt.measures[name]:.4g}"
            yield Problem(
                named.file, named.line, what, f"{missed} is expected: change the recipe, or what is said"
            )


_ENDS = {"finished": "trains to its end", "diverged": "diverges", "too slow": "takes more than a minute"}
