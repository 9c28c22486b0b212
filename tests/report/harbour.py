"""A made-up corpus of nine short documents with one of everything that the report has to show."""

from __future__ import annotations

from made_runs import Doc, MadeRun, Para, rule, run

LEAD = (
    "The harbour board voted on Tuesday to move the dredging of the north basin to the spring, after a night of talks."
)
SECOND = (
    "Two members stayed away, and the chair broke the tie; the ferry line had asked for the delay, board papers show."
)
THIRD = "“Nobody wants mud in the channel in the holiday weeks,” said the harbour master, who drew up the new calendar."
FOURTH = "The work was to begin in November and will now start in March, at a cost that the board puts at two million."
FIFTH = "Fishing crews at the east quay said that the winter months would have suited them better than the spring."
PROMPT = "Join the Conversation"
RULES_TEXT = "Please keep comments civil and on topic. Comments close seven days after a story is published."
WIRE = (
    "Stormy weather closed the coast road for six hours on Monday, and the mail boat stayed in port until the evening."
)
WIRE_B = (
    "Gusts of ninety kilometres an hour were measured at the lighthouse, the strongest since the mast was put up there."
)
WIRE_C = "The road was open again by midnight, and the council said that the repair would not wait for summer."

JOIN = {"group": "g0a1b2c3d4e5f", "text": PROMPT, "documents": 5, "occurrences": 6, "sites": 2, "kind": "prompt"}
CIVIL = {"group": "g1111111111aa", "text": RULES_TEXT, "documents": 4, "sites": 1, "kind": "legal", "template": None}
MORE = {
    "group": "g2222222222bb",
    "text": "Read more from Mara Lindqvist",
    "template": "Read more from ⟨…⟩",
    "documents": 3,
    "sites": 1,
    "kind": "related",
    "variants": 3,
}


def join() -> Para:
    return Para(PROMPT, "boilerplate", "prompt", "recurs.exact", JOIN["group"], score=0.95)


def civil() -> Para:
    return Para(RULES_TEXT, "boilerplate", "legal", "recurs.exact", CIVIL["group"], score=0.97)


def more(name: str) -> Para:
    return Para(f"Read more from {name}", "boilerplate", "related", "template.head", MORE["group"], score=0.8)


def documents() -> list[Doc]:
    """The nine."""
    wire = (Para("Storm closes the coast road"), Para(WIRE), Para(WIRE_B), Para(WIRE_C))
    edited = Para(WIRE.replace("Monday", "Monday night").replace("mail boat", "night ferry"))
    pasted = (
        Para("Harbour board moves the dredging to the spring"),
        Para("By , our harbour reporter", "boilerplate", "residue", "hole-by", score=0.9),
        Para(LEAD),
        Para(SECOND),
        Para(THIRD),
        Para(LEAD, "repeated", rule="repeat.exact", repeats=2, score=1.0),
        Para(SECOND, "repeated", rule="repeat.exact", repeats=3, score=1.0),
        Para(FOURTH),
        Para(THIRD[1:38], "repeated", rule="repeat.contained", repeats=4, score=0.9),
        Para("Already a subscriber? .", "boilerplate", "residue", "hole-subscriber", score=0.9),
        join(),
        civil(),
        join(),
        more("Mara Lindqvist"),
    )
    wall = "The sea wall, which (Photo: N. Okafor) was built by hand, has stood for ninety years and needs new stone."
    return [
        Doc("harbour-1", "courier.example", pasted, url="https://courier.example/1"),
        Doc("storm-courier", "courier.example", (*wire, join(), civil()), cluster="c0123456789ab", date="2026-11-02"),
        Doc(
            "storm-mirror",
            "mirror.example",
            (wire[0], edited, wire[2], Para("This story first ran elsewhere."), join()),
            cluster="c0123456789ab",
            duplicate_of="storm-courier",
            similarity=0.8312,
        ),
        Doc(
            "storm-third",
            None,
            wire[1:],
            cluster="c0123456789ab",
            duplicate_of="storm-courier",
            similarity=0.93,
        ),
        Doc(
            "sea-wall",
            "courier.example",
            (Para(wall, spans=(("(Photo: N. Okafor)", "credit", "photo"),)), civil(), more("Io Vance")),
        ),
        Doc("short", "mirror.example", (Para("Gone fishing."), join())),
        Doc("fishing", "mirror.example", (Para(FIFTH), Para(FOURTH), more("Ada Wren"))),
        Doc("blank", None, ()),
        Doc("quay", "courier.example", (Para(FIFTH), Para(THIRD), join(), civil())),
    ]


def harbour() -> MadeRun:
    """The run."""
    docs = documents()
    rules = [
        rule("repeats", "repeat_share", "critical", "No paragraph is said twice", max_value=0.02),
        rule("furniture", "boilerplate_share", "critical", "Most of a page is its text", max_value=0.3, mostly=0.5),
        rule("length", "n_words", "warning", "Documents have a usable length", min_value=10, max_value=20_000),
        rule("any", "n_words", "info", "A document has some words", min_value=1),
    ]
    pair = {"jaccard": 0.8312, "containment_left": 0.9, "containment_right": 0.85, "relation": "near"}
    pairs = [{"left": "storm-courier", "right": "storm-mirror", **pair}]
    return run(docs, rules, [JOIN, CIVIL, MORE], pairs)
