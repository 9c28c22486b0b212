"""A sentence with furniture glued to it stays, and what is furniture as a whole goes."""

import polars as pl
import pytest

import corpusqa
from corpusqa import config, residue
from corpusqa.glued import spared

SENTENCES = {
    "en": "The pilots met again in June to read the by-laws that nobody had seen in print.",
    "de": "Das Geld für den alten Bahnhof kommt zur Hälfte vom Land und zur anderen vom Dorf.",
    "fr": "Le port ferme en avril et les pêcheurs devront prendre le pont, fermé aux vélos.",
    "es": "El puerto cierra en abril y los pescadores tendrán que tomar el puente de noche.",
    "pt": "O porto fecha em abril e os pescadores terão de usar a ponte durante a noite.",
    "it": "Il porto chiude ad aprile e i pescatori dovranno prendere il ponte, anche di notte.",
}
NOTICES = {
    "en": "Copyright © 2019 Eastmere Media. All rights reserved.",
    "de": "Alle Rechte vorbehalten.",
    "fr": "© 2019 Eastmere Média. Tous droits réservés.",
    "es": "Todos los derechos reservados.",
    "pt": "Todos os direitos reservados.",
    "it": "© RIPRODUZIONE RISERVATA",
}


def rule_of(text):
    frame = pl.DataFrame({"text": [text], "n_words": [len(text.split())], "position": [0]})
    return spared(frame, residue.find(frame))["rule"].item()


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_with_a_notice_behind_it_is_not_the_notice(language):
    assert rule_of(NOTICES[language]) is not None
    assert rule_of(f"{SENTENCES[language]} {NOTICES[language]}") is None


@pytest.mark.parametrize(
    "text",
    [
        "The Eastmere Dispatch is published by Harbour Media. © 2019 Harbour Media. All rights reserved.",
        "Who pays for the bridge that nobody on the north shore ever asked for? Read more",
        "Ada Berg is the author of three books on the sea and lives in Kirkvik. Follow her on Twitter @adaberg.",
    ],
)
def test_furniture_with_furniture_behind_it_is_furniture(text):
    assert rule_of(text) is not None


def test_curate_cuts_what_is_glued_and_restore_gives_it_back(tmp_path):
    """Text files and records: the sentences stay, the notices go, and come back byte for byte."""
    folder = tmp_path / "scraped"
    folder.mkdir()
    for language, sentence in SENTENCES.items():
        (folder / f"{language}.txt").write_text(
            f"{language.upper()}\n\n  {sentence} {NOTICES[language]}\r\n", newline=""
        )
    records = pl.DataFrame({"id": list(SENTENCES), "text": [f"{SENTENCES[own]} {NOTICES[own]}" for own in SENTENCES]})
    records.write_ndjson(folder / "records.jsonl")
    run = corpusqa.audit(folder, tmp_path / "run", settings=config.Settings(), workers=1)
    corpusqa.curate(run, tmp_path / "curated", drop="none", keep_duplicates=True)
    for language, sentence in SENTENCES.items():
        assert sentence in (tmp_path / "curated" / f"{language}.txt").read_text()
        assert NOTICES[language] not in (tmp_path / "curated" / f"{language}.txt").read_text()
    assert pl.read_ndjson(tmp_path / "curated" / "records.jsonl")["text"].to_list() == list(SENTENCES.values())
    corpusqa.restore(tmp_path / "curated", tmp_path / "back")
    for file in folder.iterdir():
        assert (tmp_path / "back" / file.name).read_bytes() == file.read_bytes()
