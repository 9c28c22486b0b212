"""The cases of other programs' own tests, judged by corpusqa's metrics: same, different and why, or not offered.

    python tests/benches/peers.py DATA

DATA has the folder `cases` with `data_juicer.jsonl` and `nemo_filters.jsonl`, a case a line: which filter with which
parameters keeps which of some texts. A filter is one of our metrics and a limit; the case is the same when the metric
keeps the same texts. A text without a value is not kept. Exit 1 if a case that is offered comes out differently.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpusqa.metrics import measure

Params = dict[str, Any]
HIGHEST = float("inf")


@dataclass(frozen=True)
class Limit:
    """The metric that stands for a filter, and the values that are kept."""

    metric: str
    least: float = -HIGHEST
    most: float = HIGHEST

    def kept(self, texts: list[str]) -> list[str]:
        """The texts that the filter would keep."""
        values = measure(texts, [self.metric])[self.metric].to_list()
        inside = [value is not None and self.least <= value <= self.most for value in values]
        return [text for text, keep in zip(texts, inside, strict=True) if keep]


def at_most(metric: str, param: str, limit: float) -> Callable[[Params], Limit]:
    """A filter that drops what is above its one parameter."""
    return lambda params: Limit(metric, most=params.get(param, limit))


def not_repeated(metric: str, param: str, limit: float) -> Callable[[Params], Limit]:
    """A filter of NeMo's that keeps what has enough left when repeats are taken out."""
    return lambda params: Limit(metric, most=1 - params.get(param, limit) + 1e-12)


def between(metric: str, least: tuple[str, float], most: tuple[str, float]) -> Callable[[Params], Limit]:
    """A filter that keeps what lies between its two parameters."""
    return lambda params: Limit(metric, params.get(*least), params.get(*most))


NEMO: dict[str, Callable[[Params], Limit]] = {
    "NonAlphaNumericFilter": at_most("nemo_non_alnum_ratio", "max_non_alpha_numeric_to_text_ratio", 0.25),
    "SymbolsToWordsFilter": at_most("nemo_symbol_word_ratio", "max_symbol_to_word_ratio", 0.1),
    "NumbersFilter": at_most("nemo_digit_ratio", "max_number_to_text_ratio", 0.15),
    "UrlsFilter": at_most("nemo_url_ratio", "max_url_to_text_ratio", 0.2),
    "BulletsFilter": at_most("nemo_bullet_line_ratio", "max_bullet_lines_ratio", 0.9),
    "WhiteSpaceFilter": at_most("nemo_white_space_ratio", "max_white_space_ratio", 0.25),
    "ParenthesesFilter": at_most("nemo_bracket_ratio", "max_parentheses_ratio", 0.1),
    "LongWordFilter": at_most("nemo_max_word_length", "max_word_length", 1000),
    "WordCountFilter": between("n_words", ("min_words", 50), ("max_words", 100_000)),
    "BoilerPlateStringFilter": at_most("nemo_boilerplate_paragraph_ratio", "max_boilerplate_string_ratio", 0.4),
    "MeanWordLengthFilter": between(
        "gopher_mean_word_length", ("min_mean_word_length", 3), ("max_mean_word_length", 10)
    ),
    "RepeatedLinesFilter": not_repeated("nemo_dup_line_frac", "max_repeated_line_fraction", 0.7),
    "RepeatedParagraphsFilter": not_repeated("nemo_dup_para_frac", "max_repeated_paragraphs_ratio", 0.7),
    "RepeatedLinesByCharFilter": not_repeated("nemo_dup_line_char_frac", "max_repeated_lines_char_ratio", 0.8),
    "RepeatedParagraphsByCharFilter": not_repeated(
        "nemo_dup_para_char_frac", "max_repeated_paragraphs_char_ratio", 0.8
    ),
    "RepeatingTopNGramsFilter": lambda params: Limit(
        f"nemo_top_{params.get('n', 2)}gram_char_frac", most=params.get("max_repeating_ngram_ratio", 0.2)
    ),
    "RepeatingDuplicateNGramsFilter": lambda params: Limit(
        f"nemo_dup_{params.get('n', 2)}gram_char_frac", most=params.get("max_repeating_duplicate_ngram_ratio", 0.2)
    ),
    "PunctuationFilter": at_most("nemo_unended_line_ratio", "max_num_sentences_without_endmark_ratio", 0.85),
    "EllipsisFilter": at_most("nemo_ellipsis_line_ratio", "max_num_lines_ending_with_ellipsis_ratio", 0.3),
    "CommonEnglishWordsFilter": lambda params: Limit("nemo_stop_word_count", params.get("min_num_common_words", 2)),
    "WordsWithoutAlphabetsFilter": lambda params: Limit(
        "gopher_alpha_word_ratio", params.get("min_words_with_alphabets", 0.8)
    ),
}
JUICER: dict[str, Callable[[Params], Limit]] = {
    "AlphanumericFilter": between("juicer_alnum_ratio", ("min_ratio", 0.25), ("max_ratio", HIGHEST)),
    "AverageLineLengthFilter": between("juicer_avg_line_length", ("min_len", 10), ("max_len", HIGHEST)),
    "MaximumLineLengthFilter": between("juicer_max_line_length", ("min_len", 10), ("max_len", HIGHEST)),
    "CharacterRepetitionFilter": lambda params: Limit(
        {5: "juicer_char_rep_5_ratio", 10: "juicer_char_rep_ratio"}[params.get("rep_len", 10)],
        params.get("min_ratio", 0.0),
        params.get("max_ratio", 0.5),
    ),
    "WordRepetitionFilter": lambda params: Limit(
        {3: "juicer_word_rep_3_ratio", 10: "juicer_word_rep_ratio"}[params.get("rep_len", 10)],
        params.get("min_ratio", 0.0),
        params.get("max_ratio", 0.5),
    ),
    "SpecialCharactersFilter": between("juicer_special_char_ratio", ("min_ratio", 0.0), ("max_ratio", 0.25)),
    "TextLengthFilter": between("juicer_text_len", ("min_len", 10), ("max_len", HIGHEST)),
    "WordsNumFilter": between("juicer_num_words", ("min_num", 10), ("max_num", HIGHEST)),
}

#: Why a filter has no metric; the first that the name ends with or begins with.
NOT_OFFERED = {
    "Mapper": "changes texts, measures none",
    "_mapper": "changes texts, measures none",
    "Deduplicator": "compares texts: see near_duplicates.py",
    "FlaggedWordFilter": "needs a list of words",
    "StopWordsFilter": "needs a list of words; lang_* has stop words of its own",
    "LanguageIDScoreFilter": "needs a model of its own; lang_* has another",
    "TextActionFilter": "needs a model",
    "TextEntityDependencyFilter": "needs a model",
    "TextEmbdSimilarityFilter": "needs a model",
    "TextPairSimilarityFilter": "needs a model",
    "InContextInfluenceFilter": "needs a model",
    "InstructionFollowingDifficultyFilter": "needs a model",
    "FieldFilter": "judges a field, not the text",
    "NumericFieldFilter": "judges a field, not the text",
    "SuffixFilter": "judges a file's name",
    "PornographicUrlsFilter": "looks for one word in addresses",
    "PythonCommentToCodeFilter": "is for code",
    "GeneralCommentToCodeFilter": "is for code",
    "NumberOfLinesOfCodeFilter": "is for code",
    "XMLHeaderFilter": "is for code",
    "AlphaFilter": "is for code",
    "HTMLBoilerplateFilter": "is for HTML",
    "per_extension_filter": "is for code",
}
#: Parameters under which a filter asks for something else than the metric says.
OTHER_QUESTION = {
    "tokenization": "needs a tokeniser's model",
    "url_regex": "a pattern of the user's",
    "lang": "needs a tokeniser of another language",
}


def offered(name: str, params: Params, limits: dict[str, Callable[[Params], Limit]]) -> Limit | str:
    """The metric for the filter, or why there is none."""
    for param, why in OTHER_QUESTION.items():
        if name in limits and params.get(param) not in (None, False, "en"):
            return why
    if name in limits:
        return limits[name](params)
    return next((why for end, why in NOT_OFFERED.items() if name.endswith(end)), "unknown to this bench")


def cases(folder: Path) -> Iterator[tuple[str, str, Limit | str, list[str], list[str]]]:
    """Each case: suite, name, metric or reason, texts, those that are to be kept."""
    for line in (folder / "nemo_filters.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        limit = offered(case["filter"], case["params"], NEMO)
        yield "NeMo Curator", f"{case['test'].split('.')[-1]} ({case['filter']})", limit, case["input"], case["kept"]
    for line in (folder / "data_juicer.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        limit = offered(case["op"], case["params"], JUICER)
        texts, kept = [], []
        if isinstance(limit, Limit):
            texts, kept = ([record["text"] for record in case[which]] for which in ("input", "expected"))
        yield "data-juicer", f"{case['test']} ({case['op']})", limit, texts, kept


def main() -> int:
    """Print the outcome of each case, and how many have which."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that has `cases`")
    outcomes: Counter[tuple[str, str]] = Counter()
    for suite, name, limit, texts, kept in cases(parser.parse_args().data / "cases"):
        if isinstance(limit, str):
            outcome, told = "not offered", limit
        else:
            found = limit.kept(texts)
            outcome = "same" if found == kept else "different"
            told = limit.metric if found == kept else f"{limit.metric} keeps {found}, not {kept}"
        outcomes[suite, outcome] += 1
        print(f"{suite:13s} {outcome:12s} {name:75s} {told}")
    print()
    for (suite, outcome), n in sorted(outcomes.items()):
        print(f"{suite:13s} {outcome:12s} {n:4d}")
    return int(any(outcome == "different" for _, outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
