"""Who says what: each construction of docs/attribution.md, about invented people."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.attribution import Attribution, attribute
from search.attribution.groups import read_groups
from search.attribution.lexicon import lexicon
from search.model import Article, Kind, Metadata, Paragraph, Quotation, QuotationKind, SpeakerType


def of(*texts: str, language: str = "en", title: str = "", kind: Kind = Kind.BODY) -> Article:
    head = Metadata("a", title=title, language=language)
    return Article(head, tuple(Paragraph(head, n, kind, text) for n, text in enumerate(texts)))


def said(text: str) -> list[tuple[str | None, str]]:
    """Speakers of one paragraph, each with the content attributed to them."""
    (quotations,) = attribute(of(text)).quotations
    return [(q.speaker, " | ".join(span.of(text) for span in q.content)) for q in quotations]


def speakers(*texts: str, title: str = "") -> list[list[str]]:
    return [[one.name for one in there] for there in attribute(of(*texts, title=title)).speakers]


# ---------------------------------------------------------------------- direct quotations


@pytest.mark.parametrize(
    ("text", "quoted", "speaker"),
    [
        ("“We sail at dawn,” Ada Holm said.", "We sail at dawn,", "Ada Holm"),
        ("“We sail at dawn,” said Ada Holm, the harbour master.", "We sail at dawn,", "Ada Holm"),
        ("“We sail at dawn,” harbour master Ada Holm told reporters.", "We sail at dawn,", "Ada Holm"),
        ("Ada Holm said: “We sail at dawn.”", "We sail at dawn.", "Ada Holm"),
        ("Said Ada Holm: “We sail at dawn.”", "We sail at dawn.", "Ada Holm"),
        ("Ada Holm, the harbour master, said the ice was “as thick as a door”.", "as thick as a door", "Ada Holm"),
        ('"We sail at dawn," Ada Holm said.', "We sail at dawn,", "Ada Holm"),
        ("''We sail at dawn,'' Ada Holm said.", "We sail at dawn,", "Ada Holm"),
        ("‘We sail at dawn,’ Ada Holm said.", "We sail at dawn,", "Ada Holm"),
        ("'We sail at dawn,' Ada Holm said.", "We sail at dawn,", "Ada Holm"),
        ("«We sail at dawn», Ada Holm said.", "We sail at dawn", "Ada Holm"),
        ("“We sail at dawn!” Ada Holm said.", "We sail at dawn!", "Ada Holm"),
        ("“Do we sail?” Ada Holm asked.", "Do we sail?", "Ada Holm"),
        ("“He told me, ‘go home’, and we went,” Ada Holm said.", "He told me, ‘go home’, and we went,", "Ada Holm"),
        ("“[We] sail at dawn,” Ada Holm (right) said.", "[We] sail at dawn,", "Ada Holm"),
        ("“We sail at dawn,” Ada Holm groused.", "We sail at dawn,", "Ada Holm"),
        ("“We sail at dawn,” Ada Holm was quoted as saying.", "We sail at dawn,", "Ada Holm"),
        ("Holm: “We sail at dawn.”", "We sail at dawn.", "Holm"),
    ],
)
def test_words_in_quotation_marks_go_to_who_is_named_beside_them(text: str, quoted: str, speaker: str) -> None:
    found = attribute(of(text))
    (quotation,) = found.quotations[0]
    assert (quotation.quoted[0].of(text), quotation.speaker) == (quoted, speaker)
    assert quotation.source is not None
    assert quotation.source.of(text) in speaker
    assert [one.name for one in found.speakers[0]] == [speaker]


def test_an_interrupted_quotation_is_one() -> None:
    text = "“We sail,” Ada Holm said, “and we sail at dawn.”"
    (quotation,) = attribute(of(text)).quotations[0]
    assert [run.of(text) for run in quotation.quoted] == ["We sail,", "and we sail at dawn."]
    assert quotation.kind is QuotationKind.DIRECT


def test_a_quotation_goes_on_over_sentences_and_paragraphs() -> None:
    first, second, third = "“We sail,” Ada Holm said. “At dawn.", "“Bring coats.", "“And bread.”"
    found = attribute(of(first, second, third))
    assert [[q.speaker for q in there] for there in found.quotations] == [["Ada Holm"] * 2, ["Ada Holm"], ["Ada Holm"]]
    assert found.quotations[1][0].quoted[0].of(second) == "Bring coats."


@pytest.mark.parametrize(
    "text",
    [
        "The “iron lady” of the harbour retired.",
        "It was called “The Long Quay”.",
        "Ada Holm saw the film “Night Ferry” twice.",
        "Trolls, or “quay goblins”, are sold there.",
        "Ada Holm spoke on Coast One’s “Harbour Morning,” a programme for sailors.",
    ],
)
def test_titles_and_borrowed_words_are_nobodys(text: str) -> None:
    assert attribute(of(text)).quotations == ((),)


# ---------------------------------------------------------------------- indirect and mixed ones


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Holm said that the ice would hold.", [("Ada Holm", "that the ice would hold")]),
        ("Ada Holm said the ice would hold.", [("Ada Holm", "the ice would hold")]),
        ("Ada Holm said on Monday in a statement that it held.", [("Ada Holm", "that it held")]),
        ("The ice would hold, Ada Holm said.", [("Ada Holm", "The ice would hold")]),
        ("The ice would hold, said Ada Holm, who owns it.", [("Ada Holm", "The ice would hold")]),
        ("The ice, Ada Holm said, would hold.", [("Ada Holm", "The ice | would hold")]),
        ("According to Ada Holm, the ice would hold.", [("Ada Holm", "the ice would hold")]),
        ("The ice would hold, according to Ada Holm.", [("Ada Holm", "The ice would hold")]),
        ("Ada Holm told the council that the ice would hold.", [("Ada Holm", "that the ice would hold")]),
        ("Ada Holm accused Bo Lind of sinking the ferry.", [("Ada Holm", "Bo Lind of sinking the ferry")]),
        (
            "Ada Holm defended the toll, saying it paid for the quay.",
            [("Ada Holm", "the toll"), ("Ada Holm", "it paid for the quay")],
        ),
        (
            "Ada Holm said the ice held and warned that it might melt.",
            [("Ada Holm", "the ice held"), ("Ada Holm", "that it might melt")],
        ),
        ("Speaking in Port Ansel, Ada Holm said the ice held.", [("Ada Holm", "the ice held")]),
        ("On Monday, Ada Holm said the ice held.", [("Ada Holm", "the ice held")]),
        ("When Bo Lind left, Ada Holm said the ice held.", [("Ada Holm", "the ice held")]),
        ("The report found that the ice was thin.", [("The report", "that the ice was thin")]),
        ("Analysts said the ice was thin.", [("Analysts", "the ice was thin")]),
        ("A spokesman for the port said the ice held.", [("A spokesman for the port", "the ice held")]),
        ("Citing the law, Ada Holm said the ice held.", [("Ada Holm", "the law"), ("Ada Holm", "the ice held")]),
    ],
)
def test_reported_speech_has_its_speaker_and_its_extent(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


def test_who_said_stands_for_the_name_before_it() -> None:
    text = "They met Ada Holm, who said the ice held."
    (quotation,) = attribute(of(text)).quotations[0]
    assert quotation.speaker == "Ada Holm"
    assert quotation.source is not None
    assert quotation.source.of(text) == "who"


@pytest.mark.parametrize(
    "text",
    [
        "Ada Holm declined to comment on the ice.",
        "Ada Holm did not say whether the ice held.",
        "The phone calls ended.",
        "Six states that border the lake froze.",
        "A boat called Dawn sank.",
        "Ada Holm was accused of theft.",
    ],
)
def test_what_is_not_said_is_not_reported(text: str) -> None:
    assert attribute(of(text)).quotations == ((),)


def test_kinds_tell_direct_mixed_and_indirect_apart() -> None:
    texts = ("“We sail,” Ada Holm said.", "Ada Holm said the ice was “thin”.", "Ada Holm said the ice was thin.")
    assert [there[0].kind for there in attribute(of(*texts)).quotations] == [
        QuotationKind.DIRECT,
        QuotationKind.MIXED,
        QuotationKind.INDIRECT,
    ]


def test_two_who_speak_together_are_both_speakers() -> None:
    assert speakers("Ada Holm and Bo Lind said the ice held.") == [["Ada Holm", "Bo Lind"]]


# ---------------------------------------------------------------------- sources


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Norway said the ice held.", "Norway", SpeakerType.ORGANISATION),
        ("The US said the ice held.", "United States", SpeakerType.ORGANISATION),
        ("Oslo said the ice held.", "Norway", SpeakerType.ORGANISATION),
        ("The Harbour Bank said the ice held.", "Harbour Bank", SpeakerType.ORGANISATION),
        ("Norway's military said the ice held.", "Norway's military", SpeakerType.ORGANISATION),
        ("Officials said the ice held.", "Officials", SpeakerType.UNNAMED),
        ("Dr. Ada O'Neill said the ice held.", "Ada O'Neill", SpeakerType.PERSON),
        ("Ms van der Holm said the ice held.", "van der Holm", SpeakerType.PERSON),
        ("Lena von der Quay said the ice held.", "Lena von der Quay", SpeakerType.PERSON),
        ("US envoy Holm said the ice held.", "Holm", SpeakerType.PERSON),
        ("Port Minister Ada Holm-Lind said the ice held.", "Ada Holm-Lind", SpeakerType.PERSON),
        ("Norway's envoy, Ada Holm, said the ice held.", "Ada Holm", SpeakerType.PERSON),
        ("LINDMOOR, March 3 (Coast Wire) - Ada Holm said the ice held.", "Ada Holm", SpeakerType.PERSON),
        ("Q and M cited a rise in debt.", "Q and M", SpeakerType.ORGANISATION),
        ("The researchers said the ice was thin.", "The researchers", SpeakerType.UNNAMED),
        ("On Monday researchers said the ice was thin.", "Researchers", SpeakerType.UNNAMED),
    ],
)
def test_sources_are_persons_organisations_and_the_unnamed(text: str, name: str, kind: SpeakerType) -> None:
    (speaker,) = attribute(of(text)).speakers[0]
    assert (speaker.name, speaker.type) == (name, kind)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The tides suggest that the pier will sink by spring.", None),
        ("Two gardeners suggest that the pier will sink by spring.", "Two gardeners"),
        ("The forecast suggests that the pier will sink by spring.", "The forecast"),
        ("The tide table says that the pier will sink by spring.", "The tide table"),
    ],
)
def test_things_are_no_speakers_unless_a_word_of_saying_takes_a_voice(text: str, speaker: str | None) -> None:
    assert speakers(text) == [[speaker] if speaker else []]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Shares of the ferry line fell four cents on Tuesday after Quay Bank said it would sell.", "Quay Bank"),
        ("Ada Holm turned down the offer of the port but she said the talks would go on.", "Ada Holm"),
        ("Ferry fares rose 12 after Ada Holm said the ice would hold.", "Ada Holm"),
    ],
)
def test_whoever_stands_behind_after_or_but_speaks(text: str, speaker: str) -> None:
    assert speakers(text) == [[speaker]]


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("Ada Holm runs the harbour.", "“We wait,” Holm said.", "Ada Holm"),
        ("Ada Holm runs the harbour.", "“We wait,” Ms. Holm said.", "Ada Holm"),
        ("Ada Holm runs the harbour.", "“We wait,” she said.", "Ada Holm"),
        ("Ada Holm, the harbour master and envoy, came.", "“We wait,” the envoy said.", "Ada Holm"),
        ("Norway froze the talks.", "On Sunday, it said it would wait.", "Norway"),
        ("“We wait,” Ada Holm said.", "“And we hope.”", "Ada Holm"),
    ],
)
def test_names_in_short_pronouns_and_offices_are_resolved(first: str, second: str, name: str) -> None:
    assert speakers(first, second)[1] == [name]


def test_a_name_in_the_headline_is_enough() -> None:
    assert speakers("“We wait,” Holm said.", title="Harbour waits, says Ada Holm") == [["Ada Holm"]]


def test_a_surname_that_two_people_share_is_not_guessed() -> None:
    (speaker,) = attribute(of("Ada Holm and Bo Holm run the harbour.", "“We wait,” Holm said.")).speakers[1]
    assert speaker.name == "Holm"
    assert speaker.certainty < 0.5


def test_two_people_of_one_surname_are_told_apart_by_title_and_gender() -> None:
    first = "Envoy Ada Holm met Mayor Bo Holm."
    assert speakers(first, "“We wait,” Envoy Holm said.", "“We hope,” Mr. Holm said.")[1:] == [
        ["Ada Holm"],
        ["Bo Holm"],
    ]


def test_a_pronoun_that_fits_two_people_stays_unresolved() -> None:
    found = attribute(of("Adam Holm met Paul Lind and Karl Berg.", "They ate. They slept.", "“We wait,” he said."))
    (quotation,) = found.quotations[2]
    assert quotation.speaker is None
    assert "may be" in quotation.why


def test_every_quotation_says_how_sure_it_is_and_why() -> None:
    (quotation,) = attribute(of("Ada Holm came.", "“We wait,” Holm said.")).quotations[1]
    assert quotation.certainty > 0.9
    assert quotation.why == "surname of Ada Holm"


def test_who_is_named_without_speaking_is_mentioned() -> None:
    found = attribute(of("Ada Holm told Bo Lind of the Harbour Bank that the ice held."))
    assert set(found.mentions[0]) == {"Bo Lind", "Harbour Bank"}


def test_a_caption_reports_nobodys_words() -> None:
    assert attribute(of("Ada Holm said the ice held.", kind=Kind.CAPTION)).quotations == ((),)


# ---------------------------------------------------------------------- other languages


def test_german_is_read_by_its_own_words() -> None:
    text = "„Wir warten“, sagte Hanna Holm am Montag."
    (quotation,) = attribute(of(text, language="de")).quotations[0]
    assert (quotation.speaker, quotation.quoted[0].of(text)) == ("Hanna Holm", "Wir warten")


def test_a_group_of_words_that_a_language_leaves_out_is_the_english_one() -> None:
    english, german = lexicon("en"), lexicon("de")
    assert english is not None
    assert german is not None
    assert "gmbh" in german.groups.firm_endings
    assert german.groups.firm_endings == english.groups.firm_endings


@pytest.mark.parametrize("lists", [{}, {"envoy": "ambassador emissary"}])
def test_groups_of_words_are_all_there_and_all_known(lists: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        read_groups(lists)


@pytest.mark.parametrize("language", ["fr", "xx", "", "..", "zh-Hant"])
def test_a_language_without_words_yields_nothing(language: str) -> None:
    assert attribute(of("« Oui », dit-elle.", language=language)) == Attribution(((),), ((),), ((),))


# ---------------------------------------------------------------------- whatever text comes

PIECES = st.lists(
    st.sampled_from(
        "“ ” \" '' ‘ ’ ' « » , . : ; ( ) — - ? ! Ada Holm Kim said says he who that and the US Mr. of according to "
        "told “We sail,” Bank spokesman Monday saying It's in is not é 日本 \n".split(" ")
    ),
    max_size=60,
).map(" ".join)


def sound(text: str, quotation: Quotation) -> bool:
    spans = [*quotation.content, *quotation.quoted, *filter(None, [quotation.cue])]
    inside = all(0 <= span.start < span.end <= len(text) for span in spans)
    held = all(any(c.start <= q.start and q.end <= c.end for c in quotation.content) for q in quotation.quoted)
    return inside and held and 0 <= quotation.certainty <= 1 and bool(quotation.why)


@given(st.lists(st.one_of(PIECES, st.text(max_size=120)), max_size=4))
@settings(max_examples=150)
def test_any_text_gives_sound_spans_and_the_same_ones_again(texts: list[str]) -> None:
    article = of(*texts)
    found = attribute(article)
    assert found == attribute(article)
    for text, there in zip(texts, found.quotations, strict=True):
        assert all(sound(text, quotation) for quotation in there)


@pytest.mark.parametrize(
    "piece", ['"', "“", "''", "Kim ", "Ada Kim, ", ",", "he said “a,” ", "said ", "Bank of ", "(", '"x “y” ']
)
def test_no_text_costs_more_than_its_length(piece: str) -> None:
    """A bound so wide that only a blow-up passes it: a quadratic reading of this length would take minutes."""
    text = piece * (40_000 // len(piece))
    started = time.process_time()
    attribute(of(text))
    assert time.process_time() - started < 30


def test_every_name_of_a_title_is_known_by_its_surname() -> None:
    title = "Ada Holm sails. Bo Lind stays. Cy Vane waits. Di Worth reads."
    found = speakers(*(f"“We sail,” {name} said." for name in ("Holm", "Lind", "Vane", "Worth")), title=title)
    assert found == [["Ada Holm"], ["Bo Lind"], ["Cy Vane"], ["Di Worth"]]
