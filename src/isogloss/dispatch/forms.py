"""Forms of the pages of dispatch."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ItemForm(forms.Form):
    """Which item a lead asks about."""

    item = forms.CharField(label=_("External id of the item"), max_length=200)


class RecallForm(forms.Form):
    """Why a person's work is set aside."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
