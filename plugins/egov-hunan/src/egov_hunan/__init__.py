"""A county of Hunan 湖南 on egov_core: how its cases are numbered, and what it chooses of what the library ships.

Rules of this distribution: it holds what is the province's and nothing that is one county's; what a county has
otherwise stands in its settings file, which comes first. The card policy `hunan-2018` and the timetables are data of
the library and are only chosen here. `place.py` is the plugin, `numbering.py` makes the numbers.
"""
