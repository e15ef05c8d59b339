"""The application for people: drop a meeting, read it while it is written, correct it, take its minutes away.

Gradio is the host of the home page; the page of a meeting is our own. Both speak to :mod:`dialogue.server`.
"""
