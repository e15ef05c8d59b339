"""How many speakers there are, by variational Bayes, on made-up embeddings."""

import pytest

from dialogue.speech.diarization import vbx
from dialogue.speech.diarization.plda import PLDA

np = pytest.importorskip("numpy")


def embedded(of: list[int], seed: int = 0):
    """Return (N, 8) embeddings of windows, with variance 1 within a speaker and 30 between speakers."""
    rng = np.random.default_rng(seed)
    means = rng.standard_normal((max(of) + 1, 8)) * 30**0.5
    return means[of] + rng.standard_normal((len(of), 8)), np.full(8, 30.0)


OF = ([0] * 20 + [1] * 15 + [2] * 25) * 4


@pytest.mark.parametrize("seed", range(3))
def test_speakers_are_found_from_too_many(seed: int) -> None:
    x, between = embedded(OF, seed)
    first = np.array(OF) * 3 + np.arange(len(OF)) % 3
    posterior, _ = vbx.find(x, between, first)
    assert posterior.shape == (len(OF), 3)
    assert len(set(zip(posterior.argmax(axis=1), OF, strict=True))) == 3


def test_one_speaker_stays_one() -> None:
    x, between = embedded([0] * 100)
    posterior, evidence = vbx.find(x, between, np.arange(100) % 4)
    assert posterior.shape == (100, 1)
    assert max(evidence, key=lambda n: evidence[n]) == 1


def test_the_evidence_of_the_number_found_is_the_highest_of_those_tried() -> None:
    x, between = embedded(OF)
    posterior, evidence = vbx.find(x, between, np.array(OF))
    assert max(evidence, key=lambda n: evidence[n]) == posterior.shape[1] == 3
    assert 2 in evidence


def test_no_more_speakers_than_allowed() -> None:
    x, between = embedded(OF)
    assert vbx.find(x, between, np.array(OF), most=2)[0].shape[1] == 2


def test_the_cluster_that_differs_most_is_split_off() -> None:
    x, _ = embedded(OF)
    labels = np.minimum(OF, 1)  # two speakers are taken for one
    found = vbx.split(x, labels, np.array(OF))
    assert found is not None
    assert len(set(zip(found, OF, strict=True))) == 3
    assert vbx.split(x, found, np.array(OF)) is None


def test_all_stay_if_asked() -> None:
    x, between = embedded(OF)
    first = np.array(OF) * 2 + (np.arange(len(OF)) > 100)
    posterior, _ = vbx.speakers(x, between, first, all_stay=True)
    assert posterior.shape[1] == 6


def test_probabilities_add_up_to_one() -> None:
    x, between = embedded(OF)
    posterior, _ = vbx.find(x, between, np.array(OF))
    assert posterior.sum(axis=1) == pytest.approx(np.ones(len(OF)))


def test_a_trained_plda_whitens_a_voice_and_knows_how_far_voices_are_apart(tmp_path) -> None:
    rng = np.random.default_rng(0)
    scale = np.linspace(0.05, 0.2, 8)
    means = np.eye(8) * 2 + 1
    voices = [mean + scale * rng.standard_normal((300, 8)) for mean in means]
    trained = PLDA.train(voices)
    within = np.concatenate([(p := trained.project(voice)) - p.mean(axis=0) for voice in voices])
    assert within.var(axis=0) == pytest.approx(np.ones(7), rel=0.05)
    assert (trained.between > 1).all()
    trained.save(tmp_path / "plda.npz")
    assert (PLDA.load(tmp_path / "plda.npz").transform == trained.transform).all()


def test_the_plda_of_the_package_fits_the_embeddings() -> None:
    plda = PLDA.load()
    assert plda.mean.shape == (192,)
    assert plda.project(np.ones((3, 192))).shape == (3, len(plda.between))
    assert (plda.between > 0).all()
