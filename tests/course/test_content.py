import msgspec
import pytest

from dlterm.course import content
from dlterm.errors import DltermError
from dlterm.training.recipe import Recipe


def test_every_preset_is_a_recipe_on_a_set_that_exists():
    from dlterm.data import SETS

    for preset in content.presets():
        assert Recipe.parse(preset.recipe).data in SETS


def test_a_preset_named_like_a_set_trains_that_set():
    from dlterm.data import SETS

    for preset in content.presets():
        assert preset.id not in SETS or Recipe.parse(preset.recipe).data == preset.id


def test_the_first_questions_of_the_course_are_there():
    assert {"one-neuron", "xor-alone", "xor-hidden", "circle-linear", "spirals-deep", "overfit-moons"} <= {
        preset.id for preset in content.presets()
    }


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"preset = [", "Invalid"),
        (b"\xff", "utf-8"),
        (b'[[preset]]\nid = "a"\ntitle = "t"\nnote = "n"', "recipe"),
        (b'[[preset]]\nid = "A b"\ntitle = "t"\nnote = "n"\nrecipe = "xor"', "preset[0].id"),
        (b'[[preset]]\nid = "a"\ntitle = "t"\nnote = "n"\nrecipe = "xor"\nlevel = 1', "level"),
        (2 * b'[[preset]]\nid = "a"\ntitle = "t"\nnote = "n"\nrecipe = "xor"\n', "twice"),
    ],
)
def test_a_wrong_file_says_where_it_is_wrong(text, what):
    with pytest.raises(DltermError) as error:
        content.read_presets(text)
    assert error.value.message.startswith("content/presets.toml: ")
    assert what in error.value.message
    assert error.value.exit_code == 78


def test_a_missing_content_directory_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(content, "files", lambda _: tmp_path / "dlterm")
    with pytest.raises(DltermError, match="content directory"):
        content.root()


def test_presets_cannot_be_changed():
    preset = content.presets()[0]
    with pytest.raises(AttributeError):
        preset.id = "other"
    assert msgspec.structs.asdict(preset)["id"] == preset.id


def test_topics_are_markdown_pages():
    assert set(content.topics()) == {"data", "exit-codes", "presets", "quiz", "recipes", "runs"}
    assert all(content.topic(name).startswith("# ") for name in content.topics())
