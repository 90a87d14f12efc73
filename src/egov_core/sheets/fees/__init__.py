"""Fees as offices write them: from the text of a cell to all that it says.

Rules of this room: `reader.read_fee` is the way in. What was not understood is kept, word for word, with the reason;
nothing is guessed, and no amount is worked out: a fee of 4-5 % stays one.
"""
