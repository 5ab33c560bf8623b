"""What can be done, where, and by which key: one table, which feeds keys, footer, command palette and help."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.keys import key_to_character

from dlterm.tui.modes import MODES
from dlterm.tui.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KEY_NAMES = {
    "question_mark": "?",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "comma": ",",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "colon": ":",
    "slash": "/",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "enter": "⏎",
    "backspace": "⌫",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "tab": "⇥",
    "shift+up": "⇧↑",
    "shift+down": "⇧↓",
}

_NO_KEY = "none"  # of no keyboard: Textual takes no binding without a key, and the user may give it one

PLACES = {
    "app": "Everywhere",
    "home": "Home",
    "lab": "Lab",
    "course": "Course",
    "figure": "Figure",
    "inline": "Experiment in a lesson",
    "experiments": "Experiments",
    "experiment": "Experiment",
    "knobs": "Knobs",
    "canvas": "Canvas",
    "quiz": "Quiz",
    "session": "A session of the quiz",
    "question": "Question",
    "choice": "Answer",
    "answered": "After an answer",
    "ended": "After a session",
    "progress": "Progress",
    "shelf": "Shelf",
    "runs": "Runs",
    "watch": "A run that is watched",
    "network": "Network",
    "output": "Output",
    "charts": "Charts",
    "settings": "Settings",
    "preferences": "Settings of dlterm",
    "weights": "Weights of a neuron",
    "race": "Race",
}


@dataclass(frozen=True, slots=True)
class Action:
    """`id` is PLACE.NAME: what has that `PLACE` has a method `action_NAME`, or carries out `call` in its stead.

    `like` is the action whose keys of one's own it has, too, unless it has other ones.
    """

    id: str
    keys: (
        str  # separated by commas, as Textual takes them; "": the palette, the mouse, and a key of one's own
    )
    title: str
    help: str
    in_footer: bool = False
    call: str = ""
    like: str = ""

    @property
    def place(self) -> str:
        """Where it applies, one of `PLACES`."""
        return self.id.partition(".")[0]

    @property
    def is_page(self) -> bool:
        """Whether the page that is seen carries it out."""
        return self in _PAGE

    @property
    def textual(self) -> str:
        """What Textual is to call."""
        return self.call or self.id.partition(".")[2]


_APP = (
    *(Action(f"app.{mode.id}", mode.key, mode.title, mode.help, call=f"go('{mode.id}')") for mode in MODES),
    Action(
        "app.palette", "ctrl+p", "Commands", "Search everything that can be done.", call="command_palette"
    ),
    Action("app.theme", "T", "Theme", "The next of the themes: dark, light, high contrast, the terminal's."),
    Action("app.settings", "f2,comma", "Settings", "Theme, colours and what else is as you set it."),
    Action("app.record", "ctrl+e", "Record", "Record the screen to a file; again, stop."),
    Action("app.stop", "ctrl+z", "Stop", "Back to the shell; fg continues.", call="suspend_process"),
    Action("app.quit", "ctrl+q", "Quit", "Leave dlterm.", in_footer=True),
)
_PAGE = (
    Action(
        "app.help", "question_mark,f1", "Help", "What the pane in focus shows, and every key.", in_footer=True
    ),
    Action(
        "app.card", "i", "Explain", "A card beside the screen: what is chosen, explained.", in_footer=True
    ),
    Action("app.wider", "greater_than_sign", "Wider card", "Give the card more room."),
    Action("app.narrower", "less_than_sign", "Narrower card", "Give the card less room."),
    Action("app.card_back", "backspace", "Card before", "Back to the card that led to this one."),
    Action(
        "app.zoom",
        "Z",
        "Zoom",
        "The pane in focus alone, as large as the screen: for a projector; or all again.",
    ),
    Action("app.jump", "ctrl+o", "Jump", "A letter on every pane: press it to go there."),
    Action(
        "app.fitting",
        "X",
        "Experiments that fit",
        "Run what belongs to the card, or to what is chosen; in the lab, to what it shows.",
    ),
    Action("app.export", "E", "Export", "The screen as a picture or as text; in the lab, the network, too."),
)
_HOME = (Action("home.choose", "enter", "Go there", "Go where the cursor is.", in_footer=True),)
_LAB = (
    Action("lab.play", "space", "Play/pause", "Train, or stop where it is.", in_footer=True),
    Action("lab.step", "s", "Step", "Train on one batch, and pause.", in_footer=True),
    Action("lab.epoch", "e", "Epoch", "Train to the end of the epoch, and pause.", in_footer=True),
    Action("lab.faster", "f", "Faster", "Train faster: from one step a second to flat out.", in_footer=True),
    Action("lab.slower", "F", "Slower", "Train slower, to see each step."),
    Action("lab.reset", "r", "Reset", "Begin again from the same first weights.", in_footer=True),
    Action("lab.reseed", "R", "New seed", "Begin again with other weights, data and order."),
    Action("lab.test_points", "t", "Test points", "Show or hide the examples that are held out."),
    Action("lab.discretise", "x", "Classes only", "Show the answer alone, or how sure the network is."),
    Action("lab.log", "g", "Log scale", "The loss on a logarithmic or a linear scale."),
    Action("lab.next_chart", "v", "Next chart",
           "Loss, accuracy, confusion, ROC, calibration, weights, gradients, one example, landscape;"
           " a click on a name shows it."),
    Action("lab.previous_chart", "V", "Previous chart", "The chart before."),
    Action("lab.landscape", "h", "Landscape",
           "The loss around the weights, and the way to them; again: random directions, or the run's own."),
    Action("lab.directions", "Y", "Other directions", "The landscape over random directions; again, over others."),
    Action("lab.wrong", "j", "Misclassified", "Mark the examples that are taken for another class by a cross."),
    Action("lab.next_neuron", "m", "Next neuron", "Enlarge the next neuron's map; a click on a neuron does too."),
    Action("lab.previous_neuron", "M", "Previous neuron", "Enlarge the map of the neuron before."),
    Action("lab.output", "escape", "Show the output",
           "Back from a neuron's map to the whole answer; then let go of the example; then close the card."),
    Action("lab.epoch_back", "left_parenthesis", "Epoch back", "To the beginning of the epoch, or the one before."),
    Action("lab.epoch_on", "right_parenthesis", "Epoch on", "Where it is in the past: go on to the next epoch again."),
    Action("lab.beginning", "left_curly_bracket", "Beginning", "Go back to where the run began."),
    Action("lab.newest", "right_curly_bracket", "Newest moment", "Come back from the past to where training stopped."),
    Action("lab.other_branch", "J", "Other branch", "Go to the branch that was left first; again, to the next."),
    Action("lab.undo", "u", "Undo", "Take back the last change of a setting or of a weight."),
    Action("lab.redo", "U", "Redo", "Make the change that was taken back once more."),
    Action("lab.knock_out", "k", "Knock out",
           "Have the chosen neuron answer 0 whatever comes in, or answer again; a weight of the list: hold it at 0."),
    Action("lab.freeze", "z", "Freeze", "Hold what leads into the chosen neuron, or the chosen weight; or let it go."),
    Action("lab.race", "ctrl+r", "Race", "Two to four learners side by side, of which one thing differs."),
    Action("lab.hide_settings", "H", "Hide settings", "Give their room to the network, or show them again."),
    Action("lab.next_preset", "ctrl+n,pagedown", "Next preset", "Open the next of the ready-made experiments."),
    Action("lab.previous_preset", "pageup", "Preset before", "Open the one before; page keys are a presenter's, too."),
    Action("lab.lesson", "I", "Lesson", "Beside the lab, the lesson that the preset or the chosen setting belongs to."),
    Action("lab.copy", "y", "Copy recipe", "Copy the line that makes this run: dlterm lab and dlterm train take it."),
    Action("lab.save", "S", "Save", "Keep the network as a run, as dlterm train does: to predict with, to go on with."),
    Action("lab.write", "colon", "Write recipe", "Write or paste the recipe by hand, or the name of a preset."),
    *(
        Action(
            f"lab.{setting.id}{sign}",
            key,
            f"{setting.title.strip().capitalize() if setting.title.islower() else setting.title}: {word}",
            setting.help,
            setting.in_footer and sign == "+",
            call=f"turn('{setting.id}', {sign}1)",
        )
        for setting in SETTINGS
        for sign, key, word in (("+", setting.more, setting.words[0]), ("-", setting.less, setting.words[1]))
    ),
)  # fmt: skip
_NETWORK = (
    Action(
        "network.left", "left", "Layer before", "Choose a neuron nearer to the inputs.", call="walk(-1, 0)"
    ),
    Action(
        "network.right", "right", "Layer after", "Choose a neuron nearer to the output.", call="walk(1, 0)"
    ),
    Action("network.up", "up", "Neuron above", "Choose the neuron above.", call="walk(0, -1)"),
    Action("network.down", "down", "Neuron below", "Choose the neuron below.", call="walk(0, 1)"),
    Action("network.weights", "enter", "Weights", "List what leads into the chosen neuron, to change it."),
)
_OUTPUT = (
    Action("output.choose", "enter", "Choose the example", "See the nearest example on its way through the network."),
    Action("output.left", "left", "Left", "Point further left: what is answered there is told.", call="point(-1, 0)"),
    Action("output.right", "right", "Right", "Point further right.", call="point(1, 0)"),
    Action("output.up", "up", "Up", "Point further up.", call="point(0, -1)"),
    Action("output.down", "down", "Down", "Point further down.", call="point(0, 1)"),
)  # fmt: skip
_CHARTS = (
    Action("charts.up", "up", "Up", "The units above of an example; on the map, higher.", call="scroll(-1, 0)"),
    Action("charts.down", "down", "Down", "The units below of an example; on the map, lower.", call="scroll(1, 0)"),
    Action("charts.left", "left", "Left", "The layers before; on the map, to the left.", call="scroll(0, -1)"),
    Action("charts.right", "right", "Right", "The layers after; on the map, to the right.", call="scroll(0, 1)"),
)  # fmt: skip
_SETTINGS = (
    Action("settings.up", "up", "Setting above", "Choose the setting above.", call="move(-1)"),
    Action("settings.down", "down", "Setting below", "Choose the setting below.", call="move(1)"),
    Action(
        "settings.more", "right", "More", "Turn the chosen setting up, or to the next choice.", call="turn(1)"
    ),
    Action(
        "settings.less",
        "left",
        "Less",
        "Turn the chosen setting down, or to the choice before.",
        call="turn(-1)",
    ),
)
_WEIGHTS = (
    Action("weights.up", "up", "Weight above", "Choose the weight above.", call="move(-1)"),
    Action("weights.down", "down", "Weight below", "Choose the weight below.", call="move(1)"),
    Action("weights.more", "right", "Larger", "Add a tenth of the weight, at least 0.1.", call="change(1)"),
    Action("weights.less", "left", "Smaller", "Take away a tenth of the weight, at least 0.1.", call="change(-1)"),
    Action("weights.zero", "delete", "Zero", "Set the weight to 0. Any number: type it, then enter.", call="zero"),
)  # fmt: skip
_SHELF = (
    Action("shelf.search", "slash", "Search", "Search everything: words, events, tables, help.", in_footer=True),
    Action("shelf.next", "right_square_bracket", "Next section", "Glossary, history, tables, help.",
           in_footer=True, call="section(1)"),
    Action("shelf.before", "left_square_bracket", "Section before", "The section before.", call="section(-1)"),
    Action("shelf.read", "enter", "Read", "Open the lesson under the cursor, where the words are."),
    Action("shelf.chart", "c", "Chart", "The table as a picture, or its rows.", in_footer=True),
    Action("shelf.sort", "s", "Sort", "The rows of a table by its next column; a click on a column's name does too."),
    Action("shelf.turn", "S", "Other way round", "Sort from the largest, or from the smallest."),
    Action("shelf.back", "escape", "Back", "Back to the list; there, forget the search.", in_footer=True),
)  # fmt: skip
_COURSE = (
    Action("course.read", "enter", "Read",
           "Open the lesson under the cursor; in the text, follow the link, or take hold of the figure.",
           in_footer=True),
    Action("course.next", "right_square_bracket", "Next lesson", "The lesson after this one.", in_footer=True),
    Action("course.before", "left_square_bracket", "Lesson before", "The lesson before this one."),
    Action("course.contents", "escape", "Contents", "From a figure to the text; then to the list of lessons.",
           in_footer=True),
    Action("course.search", "slash", "Search", "Search this lesson, and everything.", in_footer=True),
    Action("course.mark", "m", "Mark", "Put a bookmark where you read, or take it away.", in_footer=True),
    Action("course.note", "a", "Note", "Write a note of your own where you read.", in_footer=True),
    Action("course.notes", "b", "Bookmarks", "All bookmarks and notes, to go to one or to remove it."),
    Action("course.page_on", "pagedown,space", "Page on", "Turn a page of the text.", call="turn(1)"),
    Action("course.page_back", "pageup", "Page back", "Turn a page back.", call="turn(-1)"),
    Action("course.step_on", "j", "Next paragraph", "Read in the next paragraph; a click does too.", call="step(1)"),
    Action("course.step_back", "k", "Paragraph before", "Read in the paragraph before.", call="step(-1)"),
    Action("course.heading_on", "right_curly_bracket", "Next heading", "On to the next part.", call="heading(1)"),
    Action("course.heading_back", "left_curly_bracket", "Heading before", "Back to the heading.",
           call="heading(-1)"),
    Action("course.link_on", "l", "Next link", "Choose the next word, source or way from here; enter follows it.",
           call="link(1)"),
    Action("course.link_back", "L", "Link before", "Choose the one before.", call="link(-1)"),
    Action("course.hit_on", "n", "Next found", "On to the next place where the words are.", call="hit(1)"),
    Action("course.hit_back", "N", "Found before", "Back to the one before.", call="hit(-1)"),
    Action("course.quiz", "q", "Quiz", "A few questions on this lesson; again, others.", in_footer=True),
    Action("course.width", "w", "Text width", "A narrow, normal or wide text."),
)  # fmt: skip
_FIGURE = (
    Action(
        "figure.play", "space", "Play/pause", "Train the network of this figure, or stop it.", in_footer=True
    ),
    Action("figure.reset", "r", "Reset", "Begin again from the first weights.", in_footer=True),
    Action(
        "figure.more",
        "plus,equals_sign",
        "Turn up",
        "Turn the figure's setting that is named up.",
        in_footer=True,
        call="turn(1)",
    ),
    Action("figure.less", "minus", "Turn down", "Turn it down.", call="turn(-1)"),
    Action(
        "figure.knob", "v", "Other setting", "Have another setting of the figure to turn.", in_footer=True
    ),
    Action("figure.lab", "o", "Open in the lab", "Change this network in the lab.", in_footer=True),
)
_INLINE = (
    Action("inline.open", "enter,o", "Open", "Open the experiment: predict, and turn its knobs.", in_footer=True),
    Action("inline.play", "space", "Play/pause", "Run this experiment, or stop it.", in_footer=True),
    Action("inline.again", "r", "Run again", "Begin anew.", in_footer=True),
)  # fmt: skip
_EXPERIMENTS = (
    Action("experiments.open", "enter", "Open", "Open the experiment under the cursor: predict, then see.",
           in_footer=True),
    Action("experiments.lesson", "l", "Lesson", "Read the lesson that it belongs to.", in_footer=True),
)  # fmt: skip
_EXPERIMENT = (
    *(
        Action(f"experiment.expect{key}", str(key), f"Prediction {key}", f"Expect the {word} of what may come out.",
               call=f"expect({key - 1})")
        for key, word in enumerate(("first", "second", "third", "fourth"), start=1)
    ),
    Action("experiment.choose", "enter", "Predict", "Expect what is under the cursor, and run.", in_footer=True),
    Action("experiment.skip", "0", "No guess", "Run it without a prediction.", in_footer=True),
    Action("experiment.play", "space", "Play/pause", "Run on, or stop where it is; after its end, run again.",
           in_footer=True),
    Action("experiment.step", "s", "Step", "Go on to the next picture, and pause.", in_footer=True),
    Action("experiment.again", "r", "Run again", "Begin anew, with the knobs as they stand.", in_footer=True),
    Action("experiment.reseed", "R", "New seed", "Begin anew with other chance: weights, data and order.",
           in_footer=True),
    Action("experiment.next", "n", "Next", "The next experiment.", in_footer=True, call="turn(1)"),
    Action("experiment.previous", "N", "Experiment before", "The experiment before.", call="turn(-1)"),
    Action("experiment.lesson", "l", "Lesson", "Read the lesson that it belongs to.", in_footer=True),
    Action("experiment.copy", "y", "Copy", "Copy the command that runs it so: dlterm run takes it."),
    Action("experiment.back", "escape", "Back", "Back to where it was opened from.", in_footer=True),
)  # fmt: skip
_KNOBS = (
    Action("knobs.up", "up", "Knob above", "Choose the knob above.", call="move(-1)"),
    Action("knobs.down", "down", "Knob below", "Choose the knob below.", call="move(1)"),
    Action("knobs.more", "right", "Turn up", "Turn the chosen knob up; so does the wheel on it.", call="turn(1)"),
    Action("knobs.less", "left", "Turn down", "Turn the chosen knob down.", call="turn(-1)"),
    Action("knobs.default", "d,delete", "Default", "Turn the chosen knob back to where it began."),
)  # fmt: skip
_CANVAS = (
    Action("canvas.up", "up", "Up", "Move the brush up.", call="move(-1, 0)"),
    Action("canvas.down", "down", "Down", "Move the brush down.", call="move(1, 0)"),
    Action("canvas.left", "left", "Left", "Move the brush to the left.", call="move(0, -1)"),
    Action("canvas.right", "right", "Right", "Move the brush to the right.", call="move(0, 1)"),
    Action("canvas.paint", "space", "Paint", "Paint where the brush is, or rub out; the mouse draws, too.",
           in_footer=True),
    Action("canvas.clear", "c,delete", "Clear", "Rub out all.", in_footer=True),
)  # fmt: skip
_QUIZ = (
    Action("quiz.begin", "enter", "Begin", "Be asked what is under the cursor.", in_footer=True),
    Action("quiz.topic", "slash", "Topic", "Search a topic to be asked on: a tag, a chapter, a type of question.",
           in_footer=True),
    Action("quiz.pretest", "g", "Guess first", "Two easy questions on the lesson under the cursor, before it is read.",
           in_footer=True),
    Action("quiz.read", "r", "Read", "Read the lesson under the cursor.", in_footer=True),
)  # fmt: skip
_SESSION = (
    Action("session.undo", "z,f7", "Undo", "Take the last answer back, and be asked again.", in_footer=True),
    Action("session.flag", "m,f8", "Flag", "Flag the question, to find it again; or take its flag away."),
    Action("session.report", "w,f9", "Report", "Write what is wrong with the question, for who looks after them."),
    Action("session.pause", "p,f6", "Pause", "Hide the question, and stop its clock; again, go on."),
    Action("session.stop", "escape", "Stop", "Stop the training; else the session, and see how it went. All is kept.",
           in_footer=True),
)  # fmt: skip
_QUESTION = (
    Action("question.sure", "enter", "Sure", "Answer, and be sure of it; a challenge: train it.", in_footer=True),
    Action("question.unsure", "tab,u", "Not sure", "Answer, and say that you are not sure.", in_footer=True),
    Action("question.unknown", "n,ctrl+n", "I do not know", "Answer that you do not know, and be told.",
           in_footer=True),
    Action("question.hint", "h,f3", "Hint", "A nudge; again, a strong hint.", in_footer=True),
    Action("question.skip", "s,f5", "Skip", "Put the question off to the end; the second time, leave it out.",
           in_footer=True),
    Action("question.lab", "o,ctrl+l", "In the lab", "Build a challenge's network in the lab, and take it back here."),
)  # fmt: skip
_CHOICE = (
    Action("choice.up", "up", "Up", "The answer above.", call="move(-1)"),
    Action("choice.down", "down", "Down", "The answer below.", call="move(1)"),
    Action("choice.tick", "space", "Tick", "Tick one of several, or untick it; of an order, take hold, or let go."),
    Action("choice.earlier", "shift+up", "Earlier", "Of an order: move what is under the cursor up.", call="shift(-1)"),
    Action("choice.later", "shift+down", "Later", "Move it down.", call="shift(1)"),
    Action("choice.partner", "right", "Next partner", "Of pairs: give what is under the cursor another.",
           call="turn(1)"),
    Action("choice.partner_before", "left", "Partner before", "The partner before.", call="turn(-1)"),
)  # fmt: skip
_ANSWERED = (
    Action("answered.next", "enter,space", "Next", "The next question; after the last, how it went.", in_footer=True),
    Action("answered.lesson", "l", "Lesson", "Read the lesson where it speaks of this.", in_footer=True),
    Action("answered.lab", "o", "In the lab", "Open what the question was about in the lab.", in_footer=True),
    Action("answered.experiment", "x", "Experiment", "Watch the experiment that it was about.", in_footer=True),
)  # fmt: skip
_ENDED = (
    Action("ended.close", "enter", "Quiz", "Back to the page of the quiz.", in_footer=True),
    Action("ended.resume", "g", "Go on", "Go on with a session that is not over.", in_footer=True),
    Action("ended.again", "x", "Once more", "Practise what was wrong; the schedule stays.", in_footer=True),
)  # fmt: skip
_PROGRESS = (
    Action("progress.quiz", "enter", "Quiz", "Be asked what is due today.", in_footer=True),
    Action("progress.read", "r", "Read again", "Look again how far you are.", in_footer=True),
)  # fmt: skip
_RACE = (
    Action("race.play", "space", "Play/pause", "Train all, or stop where they are.", in_footer=True),
    Action("race.next", "n", "Next race", "The next race: rates, optimisers, layers, classic models; your own.",
           in_footer=True, call="turn(1)"),
    Action("race.previous", "N", "Race before", "The race before.", call="turn(-1)"),
    Action("race.races", "o", "Races", "All ready-made races and your own, to choose one from.", in_footer=True),
    Action("race.write", "enter", "Change", "Write what the chosen contestant has of its own.", in_footer=True),
    Action("race.add", "a", "Add", "One contestant more, up to four.", in_footer=True),
    Action("race.remove", "d,delete", "Remove", "Take the chosen contestant out of the race.", in_footer=True),
    Action("race.reset", "r", "Reset", "Begin the same race again.", in_footer=True),
    Action("race.reseed", "R", "New seed", "Begin again, all with other weights, data and order."),
    Action("race.faster", "f", "Faster", "From one epoch a second to flat out.", in_footer=True),
    Action("race.slower", "F", "Slower", "Train all slower."),
    Action("race.up", "up,left", "Contestant before", "Choose the contestant before.", call="choose(-1)"),
    Action("race.down", "down,right", "Contestant after", "Choose the next contestant.", call="choose(1)"),
    Action("race.next_chart", "v", "Next chart", "Loss and accuracy, of what is trained on and of what is held out.",
           in_footer=True, call="chart(1)"),
    Action("race.previous_chart", "V", "Previous chart", "The chart before.", call="chart(-1)"),
    Action("race.log", "g", "Log scale", "The loss on a logarithmic or a linear scale."),
    Action("race.test_points", "t", "Test points", "Show or hide the examples that are held out."),
    Action("race.discretise", "x", "Classes only", "Show the answers alone, or how sure each is."),
    Action("race.copy", "y", "Copy", "Copy the command that runs this race: dlterm race takes it."),
    Action("race.back", "escape", "Lab", "Back to the lab, which goes on.", in_footer=True),
)  # fmt: skip
_RUNS = (
    Action(
        "runs.watch", "enter", "Watch", "See the run as it trains, and after it has ended.", in_footer=True
    ),
    Action("runs.lab", "o", "Open in the lab", "Open the run's recipe in the lab.", in_footer=True),
    Action("runs.read", "r", "Read again", "Look again which runs there are.", in_footer=True),
)

_LOOKING = {  # what the lab does of this is done to a run that is watched, too
    *("test_points", "discretise", "log", "next_chart", "previous_chart", "wrong"),
    *("next_neuron", "previous_neuron", "copy"),
}
_WATCH = (
    Action("watch.hold", "space", "Hold/follow", "Keep what is shown while the run goes on, or follow again.",
           in_footer=True),
    Action("watch.lab", "o", "Open in the lab", "Train the run's recipe in the lab, where it can be changed.",
           in_footer=True),
    Action("watch.output", "escape", "Back", "Back from one neuron's map, then from the example, then to the runs.",
           in_footer=True),
    *(
        replace(action, id=f"watch.{action.textual}", like=action.id)
        for action in _LAB
        if action.textual in _LOOKING
    ),
)  # fmt: skip

_PREFERENCES = (
    Action(
        "preferences.more", "right,enter,space", "Next", "The next value.", in_footer=True, call="turn(1)"
    ),
    Action("preferences.less", "left", "Previous", "The value before.", in_footer=True, call="turn(-1)"),
    Action("preferences.default", "d,delete", "Default", "As it is when nobody sets it.", in_footer=True),
    Action("preferences.close", "escape,q", "Close", "Back to where you were.", in_footer=True),
)

ACTIONS: tuple[Action, ...] = (
    *_APP,
    *_PAGE,
    *_HOME,
    *_LAB,
    *_NETWORK,
    *_OUTPUT,
    *_CHARTS,
    *_SETTINGS,
    *_WEIGHTS,
    *_RACE,
    *_COURSE,
    *_FIGURE,
    *_INLINE,
    *_EXPERIMENTS,
    *_EXPERIMENT,
    *_KNOBS,
    *_CANVAS,
    *_QUIZ,
    *_SESSION,
    *_QUESTION,
    *_CHOICE,
    *_ANSWERED,
    *_ENDED,
    *_PROGRESS,
    *_SHELF,
    *_RUNS,
    *_WATCH,
    *_PREFERENCES,
)


def at(*places: str) -> list[Action]:
    """The actions of some places, in their order."""
    return [action for place in places for action in ACTIONS if action.place == place]


def bindings(place: str) -> list[Binding]:
    """A pane's actions as Textual's bindings."""
    return _bindings(at(place))


def app_bindings() -> list[Binding]:
    """What the app itself does, on whatever screen."""
    return _bindings(_APP, first="app.quit")


def page_bindings(place: str) -> list[Binding]:
    """What a page does, and then what every page does."""
    return _bindings([*at(place), *_PAGE])


def _bindings(actions: Iterable[Action], first: str = "") -> list[Binding]:
    """Bindings that the keymap finds by their ids; that of the id `first` no widget can take."""
    return [
        Binding(
            action.keys or _NO_KEY,
            action.textual,
            action.title.partition(":")[0],
            show=action.in_footer,
            tooltip=action.help,
            id=action.id,
            priority=action.id == first,
        )
        for action in actions
    ]


def key_name(keys: str) -> str:
    """The first of some keys as the reader knows it."""
    first = keys.partition(",")[0]
    if first in _KEY_NAMES:
        return _KEY_NAMES[first]
    *modifiers, key = first.split("+") if len(first) > 1 else [first]
    shown = _KEY_NAMES.get(key, key.upper() if key[1:].isdecimal() else key)
    return "".join("^" if modifier == "ctrl" else f"{modifier}+" for modifier in modifiers) + shown


class Keys:
    """Which keys the actions have: the table's, or the user's own, from the setting `keys`."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        known = {action.id: action.keys for action in ACTIONS}
        own = own or {}
        self.own = {action.id: own[action.like] for action in ACTIONS if action.like in own}
        self.own |= {name: keys for name, keys in own.items() if name in known}
        self.faults = tuple(f"keys.{name}: there is no such action" for name in own.keys() - known.keys())
        self._keys = {**known, **self.own}
        self.faults += tuple(self._twice())

    def of(self, action: str) -> str:
        """All keys of an action, as the reader knows them."""
        return " ".join(map(key_name, self._keys[action].split(",")))

    def first(self, action: str) -> str:
        """The key of an action that is shown where there is room for one; "" where there is no such action."""
        return key_name(self._keys.get(action, ""))

    def to_press(self, action: str, *, typing: bool) -> str:
        """The key of an action that is shown; while one is typing, one that is no letter, if there is any."""
        keys = self._keys.get(action, "").split(",")
        others = [key for key in keys if key_to_character(key) is None]
        return key_name(others[0] if typing and others else keys[0])

    def is_of(self, place: str, key: str) -> bool:
        """Whether a key, as Textual calls it, does something in a place."""
        return any(key in keys.split(",") for name, keys in self._keys.items() if _scope(name) == place)

    def _twice(self) -> Iterable[str]:
        """What is said of keys of one's own that another action has in the same place."""
        taken = Counter((_scope(name), key) for name, keys in self._keys.items() for key in keys.split(","))
        for name, keys in self.own.items():
            for key in keys.split(","):
                if taken[_scope(name), key] > 1:
                    yield f"keys.{name}: {key_name(key)} does something else there, too"


def _scope(action: str) -> str:
    return action.partition(".")[0]
