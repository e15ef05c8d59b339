"""The library of meetings behind the clients that people already have: LinTO's, OpenAI's and La Suite's.

:func:`~dialogue.gateway.serving.application` puts it together, and ``dialogue serve`` runs it. Whatever client speaks,
a recording becomes a meeting of the library and a job of its queue (:mod:`dialogue.gateway.recordings`), and nothing
else keeps what must survive. Each module of routes answers in the form of one service, errors included; it shares no
code with it.
"""
