"""How the manual is built: Sphinx, MyST, Furo; warnings are errors."""

from __future__ import annotations

from egov_core import __version__

project = "egov_core"
author = "The egov_core founders"
copyright = "the egov_core founders, Apache-2.0"  # noqa: A001 -- the name is Sphinx's
version = release = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = f"egov_core {version}"
html_static_path = ["_static"]
