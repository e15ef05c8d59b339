"""Acoustic finetuning: Whisper learns the speech of a prepared corpus with adapters (LoRA), for the recogniser.

``pairs.py`` cuts the corpus into windows of sound and what is said in them, packed, padded and prompted as the
recogniser does; ``finetuning.py`` trains adapters of the attention's projections, resumes, and stops when the
development split gets no better; ``exporting.py`` writes the model for ``asr.model``, with its card;
``word_errors.py`` compares what it and the initial model hear, on recordings of any domain. The test split is never
read.
"""

from dialogue.learning.acoustic.finetuning_options import AcousticError, AcousticRun, load_run

__all__ = ["AcousticError", "AcousticRun", "load_run"]
