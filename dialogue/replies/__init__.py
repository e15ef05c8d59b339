"""A dialogue answered: its next turn (:func:`respond`), or a question about it, from what was said (:func:`ask`)."""

from dialogue.replies.ask import Answer, ask
from dialogue.replies.respond import respond

__all__ = ["Answer", "ask", "respond"]
