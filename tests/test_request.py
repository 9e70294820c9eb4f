"""Every value that a person can give is taken as meant, or refused in a sentence that names the parameter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import ParameterError, QueryError, QueryLimitError
from search.request import day, make_request


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2022-04", "2022-04-01", "2022-04-30"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        (" 2022-04-18 ", "2022-04-18", "2022-04-18"),
        (date(2022, 4, 18), "2022-04-18", "2022-04-18"),
    ],
)
def test_a_date_is_all_of_its_year_month_or_day(value: str | date, first: str, last: str) -> None:
    start, end = day(value, "from"), day(value, "to", end=True)
    assert start == datetime.fromisoformat(first)
    assert end == datetime.fromisoformat(last + "T23:59:59.999999")


@pytest.mark.parametrize(
    ("parameter", "value", "named"),
    [
        ("published_from", "yesterday", "from"),
        ("published_to", "2022-02-30", "to"),
        ("published_to", "2022-13", "to"),
        ("published_from", "0000", "from"),
        ("published_from", "٢٠٢٢", "from"),
        ("page", "0", "page"),
        ("page", "-1", "page"),
        ("page", "two", "page"),
        ("page", "9" * 400, "page"),
        ("size", "101", "size"),
        ("size", 0, "size"),
        ("size", float("inf"), "size"),
        ("sort", "best", "sort"),
        ("match", "", "match"),
        ("kind", "headlines", "kind"),
        ("facets", "author", "facet"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(parameter: str, value: Any, named: str) -> None:
    with pytest.raises(ParameterError) as refused:
        make_request(**{parameter: value})
    assert refused.value.name == named
    assert f"“{named}”" in str(refused.value)


def test_from_may_not_be_later_than_to() -> None:
    with pytest.raises(ParameterError, match="later than"):
        make_request(published_from="2022-05", published_to="2022-04")


def test_limits_are_named() -> None:
    with pytest.raises(QueryLimitError, match="10,000"):
        make_request(page=501, size=20)
    with pytest.raises(QueryLimitError, match="50 values"):
        make_request(speaker=[f"speaker {n}" for n in range(51)])
    with pytest.raises(QueryLimitError, match="300 characters"):
        make_request(outlet="x" * 301)


def test_repeats_and_blanks_among_the_values_of_a_filter_count_once() -> None:
    assert make_request(speaker=["Ada Holm", " ", "Ada Holm", "Bo Lind"]).speaker == ("Ada Holm", "Bo Lind")


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.text(max_size=12)
            for name in ("match", "size", "page", "sort", "kind", "published_from", "published_to", "facets", "topic")
        },
    )
)
def test_any_text_is_a_request_or_a_query_error(parameters: dict[str, str]) -> None:
    try:
        make_request(**parameters)  # type: ignore[arg-type]
    except QueryError as error:
        assert str(error)
