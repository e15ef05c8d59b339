"""Recognition while it is spoken: chunks of sound in, what is being said and what was said out.

:class:`Session` is fed with sound and returns :class:`Partial` and :class:`Final`; nothing here knows of HTTP or of a
microphone. :mod:`dialogue.workflow.listening` makes sessions from a configuration.
"""

from __future__ import annotations

from dialogue.speech.live.detector import Detector
from dialogue.speech.live.endpoints import EndpointConfig
from dialogue.speech.live.online_voices import OnlineVoices
from dialogue.speech.live.session import Event, Final, Partial, Session
from dialogue.speech.live.settling import Settling

__all__ = ["Detector", "EndpointConfig", "Event", "Final", "OnlineVoices", "Partial", "Session", "Settling"]
