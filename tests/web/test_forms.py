"""Forms as the pages draw them."""

from django import forms

from isogloss.platform.forms import PlainForm


class Order(PlainForm):
    """A field of each shape."""

    name = forms.CharField(label="Name", widget=forms.TextInput(attrs={"autofocus": True}))
    days = forms.IntegerField(label="Days", max_value=3)
    gold = forms.BooleanField(label="With gold", required=False, help_text="As a split of its own.")


def test_a_box_stands_in_one_label_with_its_words():
    drawn = str(Order())

    label = drawn[drawn.index('<label class="check"') :].split("</label>", maxsplit=1)[0]
    assert 'type="checkbox"' in label
    assert "With gold" in label
    assert drawn.count("With gold") == 1


def test_the_first_wrong_field_takes_the_focus_from_the_usual_one():
    drawn = str(Order({"name": "n", "days": "9"}))

    assert drawn.count("autofocus") == 1
    assert "autofocus" in drawn[drawn.index('name="days"') :].split(">", maxsplit=1)[0]
