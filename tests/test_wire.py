"""Turns of phrase of business wires and their like: firms, ministries, forgotten commas, families of two names."""

from __future__ import annotations

import pytest

from search.attribution import attribute
from search.model import Article, Kind, Metadata, Paragraph, SpeakerType


def heard(*texts: str) -> list[list[tuple[str, SpeakerType]]]:
    head = Metadata("a", title="", language="en")
    article = Article(head, tuple(Paragraph(head, n, Kind.BODY, text) for n, text in enumerate(texts)))
    return [[(one.name, one.type) for one in there] for there in attribute(article).speakers]


PERSON, ORGANISATION, UNNAMED = SpeakerType.PERSON, SpeakerType.ORGANISATION, SpeakerType.UNNAMED


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Ice fell on the quays and related works in March, harbour diplomats said.", "Harbour diplomats", UNNAMED),
        ("Trade ministers have estimated that the ferry will lose 7 mln crowns, Ada Holm said.", "Ada Holm", PERSON),
        ("Ada Holm, administrator of the Port's Foreign Fish Service said yesterday the ice held.", "Ada Holm", PERSON),
        ("Norway's director-general of finance Ada Holm said the ice held.", "Ada Holm", PERSON),
        ("Sun Co said the ice held.", "Sun Co", ORGANISATION),
        ("The Bank of Lindmoor said the ice held.", "Bank of Lindmoor", ORGANISATION),
        ("Ada Holm said no date has been set.", "Ada Holm", PERSON),
    ],
)
def test_who_speaks_in_a_wire_report(text: str, name: str, kind: SpeakerType) -> None:
    assert heard(text) == [[(name, kind)]]


def test_the_company_is_the_firm_that_spoke_and_no_ministry_named_since() -> None:
    first = "Quay-Plough Corp said its salve has been approved by the Harbour Fish Administration."
    assert heard(first, "The company said sailors agree.")[1] == [("Quay-Plough Corp", ORGANISATION)]


def test_a_family_of_two_names_is_called_by_the_first() -> None:
    texts = ("Minister Alejandro Holmez Cuenca was in Lindmoor.", "Holmez told reporters the price fell.")
    assert heard(*texts)[1] == [("Alejandro Holmez Cuenca", PERSON)]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("HP Chairman and CEO Ada Holm, appearing in Lindmoor, said the ice held.", "Ada Holm", PERSON),
        ("At one time Quay-Holmard dismissed the ferry.", "Quay-Holmard", PERSON),
        ("Ada Holm, who had worked on the quay, had been sent away, said the sailor who left.", "The sailor", UNNAMED),
        ("LINDMOOR: Minister of Fish Dr Ada Holm stated Wednesday that the ice held.", "Ada Holm", PERSON),
        ("The quay is part of the harbour projects that are under way, Ada Holm said.", "Ada Holm", PERSON),
        ("The works will cost 4 million crowns, informed the Ministry of Fish.", "Ministry of Fish", ORGANISATION),
        ("Authorities blame the ice.", "Authorities", UNNAMED),
    ],
)
def test_more_of_who_speaks(text: str, name: str, kind: SpeakerType) -> None:
    assert [(one, of) for one, of in heard(text)[0] if (one, of) == (name, kind) or of is PERSON] == [(name, kind)]


def test_people_are_called_by_their_first_names_where_that_is_the_custom() -> None:
    texts = ("Peerawut Ruanglak, a lecturer, was in Lindmoor.", "Mr Peerawut said the price fell.")
    assert heard(*texts)[1] == [("Peerawut Ruanglak", PERSON)]


def test_a_new_source_is_not_in_apposition_to_whoever_was_named_before() -> None:
    texts = ("The quay holds, in spite of Mr Holm, a harbour source said.", "The ice held, the source said.")
    assert heard(*texts)[1] == [("The source", UNNAMED)]


def test_a_short_forename_is_the_same_persons() -> None:
    assert heard("Kenneth Holm said the ice held.", "Ken Holm said it broke.")[1] == [("Kenneth Holm", PERSON)]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (
            "“The quay did what it was told,” according to the Lindmoor Times, which first had it.",
            "Lindmoor Times",
            ORGANISATION,
        ),
        ("The Institute for the Study of Ice said the ice held.", "Institute for the Study of Ice", ORGANISATION),
        ("Former welfare minister Frank Holm MP said the ice held.", "Frank Holm", PERSON),
        ("State media outlet the Quay Times reported on Wednesday that the ice held.", "Quay Times", ORGANISATION),
    ],
)
def test_outlets_institutes_and_members(text: str, name: str, kind: SpeakerType) -> None:
    assert (name, kind) in heard(text)[0]
    assert len(heard(text)[0]) == 1


def test_a_member_for_one_place_is_not_the_member_for_another() -> None:
    texts = ("Ada Holm, MP for Quayside, left.", "“It broke,” the Ferry member for Lindmoor said.")
    assert heard(*texts)[1][0][1] is UNNAMED


def test_what_spoke_just_now_is_it() -> None:
    texts = ("The Quay Bank said that Norway would pay.", "It said the ice held.")
    assert heard(*texts)[1] == [("Quay Bank", ORGANISATION)]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The new cable giant, Quay Wireless Corp, said the ice held.", "Quay Wireless Corp", ORGANISATION),
        ("The plan, announced in March, was long, Ada Holm said.", "Ada Holm", PERSON),
        ("The quay is barred from releasing detailed figures, Ada Holm said.", "Ada Holm", PERSON),
        ("“This is life changing,” said her son Elis Holm.", "Elis Holm", PERSON),
    ],
)
def test_descriptions_and_what_only_describes(text: str, name: str, kind: SpeakerType) -> None:
    assert heard(text) == [[(name, kind)]]
