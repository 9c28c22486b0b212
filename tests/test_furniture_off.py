"""Documents are compared without their furniture: an article on its page is found in a trimmed copy of itself."""

from __future__ import annotations

import pytest

import corpusqa
from corpusqa.config import load

ARTICLE = """The harbour board voted on Tuesday to close the north pier until the autumn storms have passed, \
after divers found cracks in eleven of its forty piles.
Ada Lind, who has run the ferry office for nineteen years, said the boats would leave from the fish quay instead and \
that nobody should expect the usual half hour between sailings.
The insurer asked for a second survey in June, but the board had spent its money on the lighthouse and put the matter \
off until the first pile moved under a visitor's hand.
Repairs will cost about as much as the town takes in a year, said the treasurer, who hopes that the region pays half."""

FURNITURE = (
    "Sign up for our free daily newsletter and get the morning's top stories in your inbox.",
    "Join the Conversation",
    "Related: Ferry fares to rise in spring",
    "Follow us on Twitter and Facebook",
    "Already a subscriber? Log in",
    "Photo by A. Berg/Harbour Press",
    "Share this article on Facebook, Twitter, Email, Print",
    "By clicking Sign Up, you agree to our terms of use and privacy policy.",
    "Advertisement",
    "Read more: Council meets on Monday",
)


@pytest.fixture(scope="module")
def scraped(tmp_path_factory):
    """The page as a scraper gets it, the article alone, and another one."""
    folder = tmp_path_factory.mktemp("scraped")
    first, *rest = ARTICLE.split("\n")
    page = [FURNITURE[2], first, *FURNITURE[:2], rest[0], FURNITURE[5], rest[1], FURNITURE[9], rest[2], *FURNITURE[3:]]
    (folder / "page.txt").write_text("\n".join(page))
    (folder / "trimmed.txt").write_text(ARTICLE.removesuffix(", who hopes that the region pays half.") + ".")
    (folder / "other.txt").write_text("Another story, of the town's library and what it lends besides books.\n" * 2)
    return folder


@pytest.mark.parametrize(("compare", "relation"), [("kept", "near"), ("as-read", "contained")])
def test_a_trimmed_copy_is_found_without_furniture_only(scraped, tmp_path, compare, relation):
    """As read, the copy is part of the page and no copy of it."""
    settings = load(flags={"duplicates": {"compare": compare}})
    pairs = corpusqa.audit(scraped, tmp_path / "run", settings=settings, workers=1).pairs.collect()
    ((left, right, jaccard, *_, found),) = pairs.rows()
    assert (left, right, found) == ("page.txt", "trimmed.txt", relation)
    assert (jaccard >= 0.8) == (relation == "near")
