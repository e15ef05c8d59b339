"""Answers to a dialogue: its next turn (:func:`respond`), or a question about what was said in it (:func:`ask`)."""

from dialogue.answers.ask import Answer, ask
from dialogue.answers.respond import respond

__all__ = ["Answer", "ask", "respond"]
