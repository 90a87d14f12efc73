"""The forms by which a county's items are handed in and given out, each described by data.

Rules of this room: a form is a list of fields in `data/forms`, or a mapping file that a department writes; both have
one shape (`description`). What a field may mean is an element (`elements`). Reading goes tables → rows (`reading`) →
items with all that their rows say (`joining`) → versions over what is published (`drawing`); writing goes the other way
(`writing`). Nothing here writes to an office.
"""
