"""A dialogue answered: its next turn (:func:`respond`), or a question about it, from what was said (:func:`ask`)."""

from dialogue.answers.ask import Answer, ask
from dialogue.answers.respond import respond

__all__ = ["Answer", "ask", "respond"]
