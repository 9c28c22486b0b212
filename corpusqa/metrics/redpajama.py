"""RedPajama's readings of a text, as passes: its tokens, its normalised words, its lines. `rps` has the metrics.

Tokens are runs of letters or runs of signs. Words are those of the normalised text: punctuation of ASCII deleted (so
"well-known" is one word), small letters, white space made one blank, Unicode's NFD.
"""

from __future__ import annotations

import string
import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusqa.kernels import counts, ngrams, normalising, words
from corpusqa.metrics.shared import PASSES, Columns, shared
from corpusqa.metrics.split import Split, running
from corpusqa.metrics.variants import DUP_SIZES, TOP_SIZES, Readings, numbered, told
from corpusqa.texts import Texts

#: The English words of stopwords-json, which are those of SMART (Salton 1971), without the contractions: with their
#: apostrophe they are no token, so RedPajama never finds them.
STOP_WORDS = """
a able about above according accordingly across actually after afterwards again against all allow allows almost alone
along already also although always am among amongst an and another any anybody anyhow anyone anything anyway anyways
anywhere apart appear appreciate appropriate are around as aside ask asking associated at available away awfully b be
became because become becomes becoming been before beforehand behind being believe below beside besides best better
between beyond both brief but by c came can cannot cant cause causes certain certainly changes clearly co com come
comes concerning consequently consider considering contain containing contains corresponding could course currently d
definitely described despite did different do does doing done down downwards during e each edu eg eight either else
elsewhere enough entirely especially et etc even ever every everybody everyone everything everywhere ex exactly
example except f far few fifth first five followed following follows for former formerly forth four from further
furthermore g get gets getting given gives go goes going gone got gotten greetings h had happens hardly has have
having he hello help hence her here hereafter hereby herein hereupon hers herself hi him himself his hither hopefully
how howbeit however i ie if ignored immediate in inasmuch inc indeed indicate indicated indicates inner insofar
instead into inward is it its itself j just k keep keeps kept know known knows l last lately later latter latterly
least less lest let like liked likely little look looking looks ltd m mainly many may maybe me mean meanwhile merely
might more moreover most mostly much must my myself n name namely nd near nearly necessary need needs neither never
nevertheless new next nine no nobody non none noone nor normally not nothing novel now nowhere o obviously of off
often oh ok okay old on once one ones only onto or other others otherwise ought our ours ourselves out outside over
overall own p particular particularly per perhaps placed please plus possible presumably probably provides q que quite
qv r rather rd re really reasonably regarding regardless regards relatively respectively right s said same saw say
saying says second secondly see seeing seem seemed seeming seems seen self selves sensible sent serious seriously
seven several shall she should since six so some somebody somehow someone something sometime sometimes somewhat
somewhere soon sorry specified specify specifying still sub such sup sure t take taken tell tends th than thank thanks
thanx that thats the their theirs them themselves then thence there thereafter thereby therefore therein theres
thereupon these they think third this thorough thoroughly those though three through throughout thru thus to together
too took toward towards tried tries truly try trying twice two u un under unfortunately unless unlikely until unto up
upon us use used useful uses using usually uucp v value various very via viz vs w want wants was way we welcome well
went were what whatever when whence whenever where whereafter whereas whereby wherein whereupon wherever whether which
while whither who whoever whole whom whose why will willing wish with within without wonder would x y yes yet you your
yours yourself yourselves z zero
"""

#: Which characters begin an item of a list, and which end a sentence; a straight quote does not.
BULLETS, TERMINALS = "•‣▶◀◦■□▪▫–", ".!?”"

OF_WORDS: Readings = {
    "rps_top_{n}gram_count": (ngrams.TOP_COUNT, TOP_SIZES),
    "rps_top_{n}gram_times_characters": (ngrams.TOP_TIMES, TOP_SIZES),
    "rps_covered_{n}gram_characters": (ngrams.COVERED, DUP_SIZES),
}


@shared("rps_tokens", "rps_alphabetic_tokens", "rps_capital_tokens", "rps_stop_tokens", "rps_sentences", "rps_capitals")
def tokens(split: Split) -> Columns:
    """Runs of letters and runs of signs, sentences, and the share of capitals, summed over the lines."""
    stops = normalising.stop_table(tuple(STOP_WORDS.split()))
    small = words.letters(small=False, without=string.ascii_uppercase)
    found, capitals = normalising.tokens(*split.bounds, split.classes, small, stops)
    return dict(zip(PASSES["rps_tokens"].columns, (*found.T, capitals), strict=True))


@shared(
    "rps_words", "rps_word_characters", "rps_distinct_words", "rps_n_log_n", "rps_scripts", "rps_lorems",
    "rps_numerals", *numbered(OF_WORDS),
)  # fmt: skip
def normalised_words(split: Split) -> Columns:
    """Words of the normalised text, how often each is said, their n-grams; numerals' share, summed over the lines."""
    own = _of_words(split, keep=False)
    odd = np.flatnonzero(own.pop("rps_odd"))
    if len(odd):
        plain = map(_normalised, split.texts.take(odd).series())
        for name, values in _of_words(Split(Texts.of(plain)), keep=True).items():
            if name in own:
                own[name][odd] = values
    return own


def _of_words(split: Split, *, keep: bool) -> dict[str, NDArray[Any]]:
    """The columns of the pass, and which texts have characters that depend on their neighbours. `keep` punctuation."""
    script, most = normalising.hashed("javascript"), int(split.n_words.sum())
    given = *split.bounds, split.classes, normalising.normal_table(), normalising.LOREM, script
    found = normalising.normalised_words(*given, words.letters(without="lL"), keep, most)
    offsets, hashes, lengths, counted, numerals = found
    distinct, n_log_n = words.diversity(hashes, offsets)
    return {
        "rps_words": np.diff(offsets),
        "rps_word_characters": np.diff(running(lengths)[offsets]),
        "rps_distinct_words": distinct,
        "rps_n_log_n": n_log_n,
        "rps_scripts": counted[:, normalising.SCRIPTS],
        "rps_lorems": counted[:, normalising.LOREMS],
        "rps_numerals": numerals,
        "rps_odd": counted[:, normalising.ODD],
        **told(ngrams.repeated_ngrams(hashes, lengths, offsets), OF_WORDS),
    }


def _normalised(text: str) -> str:
    """The text as RedPajama has it, but for the white space."""
    return unicodedata.normalize("NFD", text.translate(str.maketrans("", "", string.punctuation)).lower())


@shared("rps_lines", "rps_ellipsis_lines", "rps_terminal_lines", "rps_bullet_lines")
def lines(split: Split) -> Columns:
    """Lines as RedPajama has them, empty ones too, and how they begin and end, white space aside."""
    data, starts, ends = split.bounds
    feeds, full = split.occurrences[:, 0], ends > starts
    unended = np.zeros(len(starts), np.bool_)
    unended[full] = data[ends[full] - 1] != ord("\n")
    found = split.lines
    first, last, ellipsis = counts.edges(*found.bounds)
    return {
        "rps_lines": feeds + unended,
        "rps_ellipsis_lines": found.total(ellipsis),
        "rps_terminal_lines": found.total(np.isin(last, list(map(ord, TERMINALS)))),
        "rps_bullet_lines": found.total(np.isin(first, list(map(ord, BULLETS)))),
    }
