"""`egov plugins` and `egov new`: which plugins there are and how they fare, writing one, and the commands they add.

Rules of this room: a command stands in a module of its own, which is imported when the command is asked for.
"""
