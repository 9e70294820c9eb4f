"""Articles that are hard to show. All of it is invented."""

from __future__ import annotations

from tests.conftest import article

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;b&gt;<svg onload=alert(1)>"
ENDLESS = "Donaudampfschifffahrt" * 30
HARD = [
    article(
        "hostile",
        f"“{HOSTILE},” {HOSTILE} said. “Nothing to fear at the harbour,” Eve <Script> said.",
        f"“Javascript for everybody,” said Mallory Onload{HOSTILE}.",
        title=f"Harbour {HOSTILE}",
        outlet=HOSTILE,
        byline=HOSTILE,
        section=HOSTILE,
        credit=HOSTILE,
        keywords=[HOSTILE, "politics"],
        url="javascript:alert(1)",
    ),
    article(
        "endless",
        f"The harbour of {ENDLESS} was closed. “{ENDLESS},” said Ada {ENDLESS}.",
        title=ENDLESS,
        outlet=ENDLESS[:200],
        date="2023-02-03",
    ),
    article(
        "rtl",
        "قالت ليلى حداد: «الميناء مفتوح للجميع» harbour.",
        "“The harbour, which we call הנמל, stays open,” said Noa Levi (נועה לוי) on Monday.",
        title="الميناء مفتوح",
        outlet="صحيفة الساحل",
        date="2023-02-04",
        language="ar",
    ),
    *(
        article(
            f"wire{n}",
            "The keeper of the old lighthouse has handed its last key to the mayor, who lost it on the way home.",
            title="A key is lost",
            outlet=f"Wire {n}",
            date=f"2022-05-0{n}",
        )
        for n in (1, 2, 3)
    ),
    *(
        article(
            f"many{n}",
            *(f"Ferry {n} sailed at {m}." for m in range(200)),
            title=f"Ferry {n}",
            outlet="Ferry List",
            date=f"{2000 + n % 24}-{n % 12 + 1:02}-11",
        )
        for n in range(51)
    ),
]
