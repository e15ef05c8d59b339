"""How clients name a language, and what services call it."""

from __future__ import annotations

from dialogue.core.config import ConfigError

NAMES = dict(
    pair.split(":")
    for pair in """
    af:afrikaans am:amharic ar:arabic as:assamese az:azerbaijani ba:bashkir be:belarusian bg:bulgarian bn:bengali
    bo:tibetan br:breton bs:bosnian ca:catalan cs:czech cy:welsh da:danish de:german el:greek en:english
    es:spanish et:estonian eu:basque fa:persian fi:finnish fo:faroese fr:french gl:galician gu:gujarati ha:hausa
    haw:hawaiian he:hebrew hi:hindi hr:croatian ht:haitian_creole hu:hungarian hy:armenian id:indonesian
    is:icelandic it:italian ja:japanese jw:javanese ka:georgian kk:kazakh km:khmer kn:kannada ko:korean la:latin
    lb:luxembourgish ln:lingala lo:lao lt:lithuanian lv:latvian mg:malagasy mi:maori mk:macedonian ml:malayalam
    mn:mongolian mr:marathi ms:malay mt:maltese my:myanmar ne:nepali nl:dutch nn:nynorsk no:norwegian oc:occitan
    pa:punjabi pl:polish ps:pashto pt:portuguese ro:romanian ru:russian sa:sanskrit sd:sindhi si:sinhala sk:slovak
    sl:slovenian sn:shona so:somali sq:albanian sr:serbian su:sundanese sv:swedish sw:swahili ta:tamil te:telugu
    tg:tajik th:thai tk:turkmen tl:tagalog tr:turkish tt:tatar uk:ukrainian ur:urdu uz:uzbek vi:vietnamese
    yi:yiddish yo:yoruba yue:cantonese zh:chinese
    """.split()
)  # Whisper's codes, and its names for them


def code_of(asked: str) -> str:
    """Return the code that is meant by ``fr``, ``fr-FR``, ``French``, or the first of ``fr,en``; ``*`` is ``auto``.

    Raises:
        ConfigError: no such language.
    """
    wanted = asked.split(",")[0].split("|")[0].strip().lower()
    if wanted in ("*", "auto", ""):
        return "auto"
    short = wanted.replace("_", "-").partition("-")[0]
    by_name = {name: code for code, name in NAMES.items()}
    found = by_name.get(wanted.replace(" ", "_")) or (short if short in NAMES else None)
    if found is None:
        raise ConfigError(
            f"language: found {asked[:40]!r}. Accepted: *, a code such as fr or fr-FR, or a name such as French."
        )
    return found


def name_of(code: str | None) -> str:
    """Return the English name of a language, as OpenAI writes it; ``unknown`` without a code."""
    return NAMES.get(code or "", "unknown").replace("_", " ")
