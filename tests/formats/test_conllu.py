"""CoNLL-U of spoken treebanks: words, times, speakers, broken sentences."""

import pytest

from dialogue import formats
from dialogue.formats import FormatError, conllu

ROW = "{}\t{}\t_\tX\t_\t_\t0\troot\t_\t{}\n"
TEXT = (
    "# sent_id = conv-1\n# speaker_id = §LF8\n# speaker_sex = female\n# genre = discourse\n# text = c'est au fond.\n"
    + ROW.format(1, "c'", "AlignBegin=100|AlignEnd=200|SpaceAfter=No")
    + ROW.format(2, "est", "AlignBegin=200|AlignEnd=400")
    + ROW.format("3-4", "au", "_")
    + ROW.format(3, "à", "AlignBegin=400|AlignEnd=500")
    + ROW.format(4, "le", "AlignBegin=500|AlignEnd=600")
    + ROW.format(5, "fond", "AlignBegin=600|AlignEnd=900|SpaceAfter=No")
    + ROW.format(6, ".", "AlignBegin=900|AlignEnd=900")
    + "\n# sent_id = conv-2\n# speaker_id = L2\n# genre = discourse\n# text = XXX oui.\n"
    + ROW.format(1, "XXX", "AlignBegin=300|AlignEnd=350")
    + ROW.format(2, "oui.", "AlignBegin=350|AlignEnd=700")
)


def test_surface_words_have_the_times_of_their_tokens() -> None:
    [t] = conllu.loads(TEXT)
    assert [(w.text, w.start, w.end) for w in t.utterances[0].words] == [
        ("c'est", 0.1, 0.4),
        ("au", 0.4, 0.6),
        ("fond.", 0.6, 0.9),
    ]


def test_speakers_overlap_and_the_recording_is_described() -> None:
    [t] = conllu.loads(TEXT)
    assert (t.recording, t.attributes) == ("conv", {"genre": "discourse"})
    assert [(s.name, s.attributes) for s in t.speakers] == [("§LF8", {"sex": "female"}), ("L2", {})]
    assert t.utterances[1].start < t.utterances[0].end
    assert (t.utterances[1].text, t.events[0].kind) == ("oui.", "unintelligible")


def test_sentences_of_several_recordings_are_separated() -> None:
    assert [t.recording for t in conllu.loads(TEXT.replace("conv-2", "other-2"))] == ["conv", "other"]


def test_without_times_sentences_follow_each_other(dev_data) -> None:
    [t] = formats.read(dev_data / "formats/conllu/ParisStories_2020_campBedouin.conllu")
    assert (t.timed, len(t.utterances)) == (False, 20)
    assert all(a.end == b.start for a, b in zip(t.utterances, t.utterances[1:], strict=False))


def test_rhapsodie(dev_data) -> None:
    [t] = formats.read(dev_data / "formats/conllu/Rhap_D0007.conllu")
    assert (len(t.utterances), [s.name for s in t.speakers]) == (16, ["§LF8", "§LF9"])
    assert t.validate().utterances[0].words[1].start == 0.845
    assert t.attributes["channel"] == "face to face"


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (TEXT.replace("AlignBegin=300", "AlignBegin=soon"), "line 14: .* is not milliseconds"),
        (TEXT.replace("AlignBegin=300", "AlignBegin=999"), "line 14: ends at 0.350 s"),
        (TEXT.replace("1\tXXX\t_", "XXX"), "line 14: not a CoNLL-U sentence"),
        ("bonjour\n", "line 1: not a CoNLL-U sentence"),
    ],
)
def test_errors_name_the_line(broken: str, found: str) -> None:
    with pytest.raises(FormatError, match=found):
        conllu.loads(broken)
