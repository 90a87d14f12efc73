"""Time limits as offices write them: from the text of a cell to all that it says.

Rules of this room: `reader.read_limit` is the way in, `plain.plain_limit` the way to a limit a timer may run on. What
was not understood is kept, word for word, with the reason; nothing is guessed and nothing is dropped.
"""
