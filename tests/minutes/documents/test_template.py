"""Users' own Jinja templates."""

from dataclasses import replace

import pytest

from dialogue.minutes.document import Point
from dialogue.minutes.documents import DocumentError, write
from dialogue.minutes.documents.template import NAMES
from tests.minutes.documents.examples import HOSTILE, READERS, hostile_minutes, minutes, squeezed


def filled(tmp_path, ending, source, of=None):
    template = tmp_path / f"template{ending}"
    template.write_text(source, encoding="utf-8")
    return write(of or minutes(), tmp_path / f"m{ending}", template=template).read_text(encoding="utf-8")


def test_a_template_sees_the_minutes(tmp_path):
    source = (
        "{% for d in decisions %}\n- {{ d.text }} ({{ d.evidence[0].start | time }})\n{% endfor %}\n"
        "{{ minutes.meeting.date }}\n"
    )
    assert filled(tmp_path, ".txt", source) == (
        "- Baisser le budget (12:05)\n- Vendre les œuvres (8:30)\n- Fermer l’été (8:40)\n2023-10-12\n"
    )


def test_topics_have_titles_and_what_is_unknown_is_empty(tmp_path):
    assert filled(tmp_path, ".txt", "{{ topics[0].title }}|{{ actions[1].due_iso }}|") == "Les œuvres||"


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there(tmp_path, name):
    assert filled(tmp_path, ".txt", f"{{{{ {name} }}}}")


@pytest.mark.parametrize(
    ("ending", "before", "after"),
    [(".html", "<body><p>", "</p></body>"), (".md", "", "")],
)
def test_what_was_said_stays_literal(tmp_path, ending, before, after):
    loop = "{% for p in open_questions %}{{ p.text }}\n\n{% endfor %}"
    text = filled(tmp_path, ending, f"{before}{loop}{after}", hostile_minutes())
    shown = squeezed(READERS[ending](text.encode()))
    assert [h for h in HOSTILE if squeezed(h) not in shown] == []


def test_the_text_of_a_meeting_is_no_template(tmp_path):
    odd = replace(minutes(), summary=Point("{{ 7 * 7 }} {% for %}"))
    assert filled(tmp_path, ".txt", "{{ summary.text }}", odd) == "{{ 7 * 7 }} {% for %}"


def test_latex_templates_keep_their_macros(tmp_path):
    source = r"\newcommand{\x}[1]{#1}%\COMMENT{not shown}\BLOCK{if agenda}\x{\VAR{meeting.title}}{{}}\BLOCK{endif}"
    assert filled(tmp_path, ".tex", source) == r"\newcommand{\x}[1]{#1}%\x{Budget de l\textquoteright{}été}{{}}"


def test_what_was_said_stays_literal_in_latex(tmp_path):
    source = r"\begin{document}{\BLOCK{for p in open_questions}\VAR{p.text} \BLOCK{endfor}}"
    shown = squeezed(READERS[".tex"](filled(tmp_path, ".tex", source, hostile_minutes()).encode()))
    assert [h for h in HOSTILE if squeezed(h) not in shown] == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "a\n{{ titre }}\n{{ date }}",
            r"template.md: unknown titre \(line 2\), date \(line 3\). Accepted: minutes, meeting",
        ),
        ("a\n\n{{ meeting.titre }}", "line 3: no titre. Accepted: id, title, date"),
        ("a\n{% for d in decisions %}", "line 2: "),
        ("a\n{{ decisions[9].text }}", "line 2: "),
        ("{{ 1 / 0 }}", "line 1: division by zero"),
        ("{% include '/etc/passwd' %}", "line 1: no loader"),
        ("{{ meeting.__class__.__base__.__subclasses__() }}", "line 1: "),
        ("{{ range(1000000) | list }}", "line 1: Range too big"),
    ],
)
def test_an_error_names_the_line(tmp_path, source, message):
    with pytest.raises(DocumentError, match=message):
        filled(tmp_path, ".md", source)
    assert not (tmp_path / "m.md").exists()


def test_a_template_gives_a_file_of_its_own_ending(tmp_path):
    (tmp_path / "t.md").write_text("x")
    with pytest.raises(DocumentError, match=r"the template is .md. Accepted: a path with that ending"):
        write(minutes(), tmp_path / "m.html", template=tmp_path / "t.md")


def test_other_templates_are_refused(tmp_path):
    (tmp_path / "t.odt").write_text("x")
    with pytest.raises(DocumentError, match=r"Accepted: .md, .txt, .html, .tex, .docx"):
        write(minutes(), tmp_path / "m.odt", template=tmp_path / "t.odt")


@pytest.mark.parametrize("ending", [".md", ".docx"])
def test_a_template_that_is_not_there_is_named(tmp_path, ending):
    with pytest.raises(DocumentError, match="nowhere"):
        write(minutes(), tmp_path / f"m{ending}", template=tmp_path / f"nowhere{ending}")
