"""The forms that units hand in, and what is said of one that was.

Rules of this room: values only. What is in a form is the business of whoever reads it.
"""

from __future__ import annotations

import enum

import attrs


class CollectedForm(enum.Enum):
    """A form that units hand in (N9)."""

    SUMMARY = "事项汇总表"
    INFORMATION = "事项信息表"
    FORWARDING = "转报件目录表"

    @property
    def code(self) -> str:
        """Its name in files and on the command line."""
        return self.name.lower()


FORMS = {form.code: form for form in CollectedForm}
"""The forms by their names in files and on the command line."""


@attrs.frozen(kw_only=True)
class FormFile:
    """A form as it was handed in: the file's name and digest, and how many items it has.

    `declared_none`: the unit has declared that it has nothing to enter, and there is no file. `checked`: the file was
    read and found without an error; where nothing here can read it, that is for the reviewer.
    """

    form: CollectedForm
    name: str = ""
    digest: str = ""
    items: int = 0
    checked: bool = True
    declared_none: bool = False


@attrs.frozen(kw_only=True)
class FormFault:
    """A fault by which a form is returned: the place in the form, and what is wrong there."""

    place: str
    message: str
