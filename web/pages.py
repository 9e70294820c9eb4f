"""The pages: home, results, article, help and about. Each asks the archive and shows what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from search import Archive, SearchResult
from search.errors import IndexMissing, QueryError
from search.model import SearchRequest
from search.query import parse
from web import params

bp = Blueprint("pages", __name__)

FACETS = ("speaker", "topic", "outlet", "kind")
_SHOWN = 8
_HEADINGS = {"speaker": "Speaker", "topic": "Topic", "outlet": "Outlet", "kind": "Kind of paragraph"}


def archive() -> Archive:
    return cast(Archive, current_app.extensions["archive"])


@bp.get("/")
def home() -> ResponseReturnValue:
    """The search box, and what there is to search."""
    status = archive().status()
    facets = archive().search("", size=1, facets=["speaker", "topic", "outlet"]).facets
    newest = archive().search("", size=4, sort="newest", kind=["body"]).hits
    return render_template("home.html", status=status, facets=facets, newest=newest, examples=_examples(facets))


@bp.get("/search")
def search() -> ResponseReturnValue:
    """A page of hits, with what narrows them down beside it."""
    kept = params.pairs(request.args)
    asked = params.read(request.args, FACETS)
    try:
        result = archive().answer(asked)
    except QueryError as error:
        return render_template("results.html", view=None, error=error, kept=kept, text=asked.text), 400
    view = ResultView(result, kept, params.unknown(request.args))
    return render_template("results.html", view=view, error=None, kept=kept, text=asked.text)


@bp.get("/speaker/<path:name>")
def speaker(name: str) -> ResponseReturnValue:
    """All that somebody is heard saying."""
    return redirect(url_for(".search", speaker=name, sort="newest"), 302)


@bp.get("/topic/<path:code>")
def topic(code: str) -> ResponseReturnValue:
    """All that a topic is about."""
    return redirect(url_for(".search", topic=code, sort="newest"), 302)


@bp.get("/article/<path:identifier>")
def article(identifier: str) -> ResponseReturnValue:
    """An article whole, with the marks of the search that led here."""
    found = archive().article(identifier)
    if found is None:
        abort(404)
    text = request.args.get("q", "")
    try:
        marks = {p.number: archive().highlights(text, p) if text else () for p in found.paragraphs}
    except QueryError:
        marks = {p.number: () for p in found.paragraphs}
    heard: dict[str, float] = {}
    for paragraph in found.paragraphs:
        for one in paragraph.speakers:
            heard[one.name] = max(heard.get(one.name, 0), one.certainty)
    first = next((number for number, spans in marks.items() if spans), None)
    return render_template("article.html", article=found, marks=marks, heard=heard, text=text, first=first)


@bp.get("/help")
def help_() -> ResponseReturnValue:
    """The query language, with examples that can be tried."""
    return render_template("help.html")


@bp.get("/about")
def about() -> ResponseReturnValue:
    """What this archive holds and when it was built."""
    return render_template("about.html", status=archive().status())


def _examples(facets: object) -> list[str]:
    """Queries that find something in this very archive."""
    found = cast(dict[str, tuple[object, ...]], facets)
    speakers = [getattr(value, "label", "") for value in found.get("speaker", ())[:2]]
    return [f'speaker:"{name}"' for name in speakers] + ["title:talks OR title:vote", '"no choice"'][
        : 2 - len(speakers)
    ]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter value that can be chosen or taken back by following its link."""

    name: str
    value: str
    label: str
    count: int
    selected: bool
    link: str


class ResultView:
    """A result with all the links its page needs."""

    def __init__(self, result: SearchResult, kept: list[tuple[str, str]], unknown: list[str]) -> None:
        self.result = result
        self.kept = kept
        self.unknown = unknown
        self.asked: SearchRequest = result.request
        tree = parse(self.asked.text, self.asked.match).tree
        plain = " ".join(self.asked.text.split()).casefold()
        self.understood = "" if str(tree).casefold() == plain else str(tree)
        self.first = (self.asked.page - 1) * self.asked.size + 1
        self.last = self.first + len(result.hits) - 1

    @property
    def facets(self) -> list[tuple[str, str, list[Choice]]]:
        """Name, heading and choices of each facet; the chosen ones are always among them."""
        out = []
        for name in FACETS:
            values = self.result.facets.get(name, ())
            shown = [v for i, v in enumerate(values) if i < _SHOWN or v.selected]
            choices = [self._choice(name, v.value, v.label, v.count, v.selected) for v in shown]
            if choices:
                out.append((name, _HEADINGS[name], choices))
        return out

    @property
    def chosen(self) -> list[Choice]:
        """The filters in force, each with the link that takes it back."""
        labels = {(name, v.value): v.label for name, values in self.result.facets.items() for v in values}
        out = [
            self._choice(name, value, labels.get((name, value), value), 0, True)
            for name, value in self.kept
            if name in params.REPEATED
        ]
        for name, word in (("from", "from"), ("to", "until")):
            out += [
                Choice(name, value, f"{word} {value}", 0, True, self.without(name))
                for kept, value in self.kept
                if kept == name
            ]
        return out

    def _choice(self, name: str, value: str, label: str, count: int, selected: bool) -> Choice:
        if selected:
            link = params.address("/search", params.without(self.kept, name, value))
        else:
            link = params.address("/search", [*params.without(self.kept, "page"), (name, value)])
        return Choice(name, value, label, count, selected, link)

    def without(self, name: str) -> str:
        return params.address("/search", params.without(self.kept, name))

    def page(self, number: int) -> str:
        return params.address("/search", params.with_page(self.kept, number))

    def sorted_by(self, sort: str) -> str:
        kept = params.without(self.kept, "sort")
        return params.address("/search", kept if sort == "relevance" else [*kept, ("sort", sort)])

    @property
    def json(self) -> str:
        return params.address("/api/v1/search", self.kept)

    @property
    def pages(self) -> list[int | None]:
        """Page numbers to offer; None stands for a gap."""
        last = min(self.result.pages, 10_000 // self.asked.size)
        near = {1, last, *range(self.asked.page - 2, self.asked.page + 3)}
        out: list[int | None] = []
        for number in sorted(n for n in near if 1 <= n <= last):
            if out and out[-1] is not None and number > out[-1] + 1:
                out.append(None)
            out.append(number)
        return out

    @property
    def rescues(self) -> list[tuple[str, str, int]]:
        """For a search without hits: what would find something, as a label, a link and a count."""
        store = cast(Archive, current_app.extensions["archive"])
        out = []
        for choice in self.chosen:
            rest = params.without(self.kept, choice.name, choice.value)
            out.append((f"without {choice.label}", rest))
        if self.asked.match == "all" and len(self.asked.text.split()) > 1:
            out.append(("with any of the words", [*params.without(self.kept, "match"), ("match", "any")]))
        found = []
        for label, kept in out:
            try:
                count = store.answer(params.read(_multi(kept))).total
            except (QueryError, IndexMissing):
                continue
            if count:
                found.append((label, params.address("/search", kept), count))
        return found


def _multi(kept: list[tuple[str, str]]) -> MultiDict[str, str]:
    return MultiDict(kept)
