"""`egov catalogue`: a county's catalogue, before it is taken in and afterwards; its items from draft to withdrawal.

Rules of this room: a command stands in a module of its own, which is imported when the command is asked for.
"""
