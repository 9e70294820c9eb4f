"""Help, and what is to be known about this archive."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from search.query.examples import TRANSLATIONS
from web.door import archive
from web.kept import kept
from web.pages.blueprint import bp
from web.views.examples import examples


@bp.get("/help")
def help_() -> ResponseReturnValue:
    """The query language, with examples that can be tried."""
    return render_template("help.html", groups=kept("help", lambda: examples(archive())), translations=TRANSLATIONS)


@bp.get("/about")
def about() -> ResponseReturnValue:
    """What this archive holds and when it was built."""
    return render_template("about.html", status=archive().status())
