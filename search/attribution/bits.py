"""What a word can be, one bit each, and under which key the lists of a language give it."""

from __future__ import annotations

ARTICLE = 1 << 0  # a determiner: the, this, his
NUMBER = 1 << 1
PREPOSITION = 1 << 2
CONJUNCTION = 1 << 3
SUBORDINATOR = 1 << 4
RELATIVE = 1 << 5
SUBJECT = 1 << 6  # a pronoun that can be a subject
OBJECT = 1 << 7  # a pronoun that cannot
BE = 1 << 8
HAVE = 1 << 9
DO = 1 << 10
MODAL = 1 << 11
NEGATION = 1 << 12
ADVERB = 1 << 13
DAY = 1 << 14
MONTH = 1 << 15
TIME = 1 << 16
VERB = 1 << 17  # a common verb that is no word of saying
ADJECTIVE = 1 << 18
OPENER = 1 << 19  # begins a sentence without belonging to it
TITLE = 1 << 20
ROLE = 1 << 21
HONORIFIC = 1 << 22
PARTICLE = 1 << 23
SUFFIX = 1 << 24
HEAD = 1 << 25  # makes a name an organisation's
DOCUMENT = 1 << 26
KNOWN = 1 << 27  # an organisation by itself
NOT_NAME = 1 << 28
CUE = 1 << 29
NOUN = 1 << 30  # a noun of saying
MEDIUM = 1 << 31
MALE = 1 << 32
FEMALE = 1 << 33
PLURAL = 1 << 34
FAMILY = 1 << 35  # a family name that comes first
NATION = 1 << 36
DEMONYM = 1 << 37
CAPITAL = 1 << 38
PLACE = 1 << 39
MAN = 1 << 40  # a man's forename
WOMAN = 1 << 41
NOMINAL = 1 << 42  # a form of a word of saying that is as often a noun
WORK = 1 << 43  # a kind of work that has a title
NAMING = 1 << 44  # gives a name or a word that nobody need have said
VOICED = 1 << 45  # a word of saying that takes a voice: a chart shows, and does not say

LISTS = {
    "articles": ARTICLE, "numbers": NUMBER, "prepositions": PREPOSITION, "conjunctions": CONJUNCTION,
    "subordinators": SUBORDINATOR, "relatives": RELATIVE, "subjects": SUBJECT, "objects": OBJECT, "be": BE,
    "have": HAVE, "do": DO, "modals": MODAL, "negations": NEGATION, "adverbs": ADVERB, "days": DAY, "months": MONTH,
    "times": TIME, "verbs": VERB, "adjectives": ADJECTIVE, "openers": OPENER, "titles": TITLE, "roles": ROLE,
    "honorifics": HONORIFIC, "honorifics_male": HONORIFIC | MALE, "honorifics_female": HONORIFIC | FEMALE,
    "particles": PARTICLE, "suffixes": SUFFIX, "heads": HEAD, "documents": DOCUMENT, "known": KNOWN,
    "not_names": NOT_NAME, "nouns": NOUN, "media": MEDIUM, "male": MALE, "female": FEMALE, "plural": PLURAL,
    "male_roles": ROLE | MALE, "female_roles": ROLE | FEMALE, "plural_roles": ROLE | PLURAL, "families": FAMILY,
    "nominal": NOMINAL, "works": WORK, "naming": NAMING, "voiced": VOICED,
}  # fmt: skip

PERSON = MAN | WOMAN
AUXILIARY = BE | HAVE | DO | MODAL
PRONOUN = SUBJECT | OBJECT
# Small words that end or never enter a noun phrase.
CLOSED = PREPOSITION | CONJUNCTION | SUBORDINATOR | RELATIVE | PRONOUN | AUXILIARY | NEGATION
