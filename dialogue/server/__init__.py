"""A library of meetings over HTTP: who a browser is, uploads, the state of a meeting, its corrections and its files.

:func:`~dialogue.server.asgi.application` puts it together; a page, such as that of :mod:`dialogue.demo`, is
added to what it returns.
"""
