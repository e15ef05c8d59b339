"use strict";

/** The minutes of a meeting, as elements; each statement has the moments that show it, and its id for an editor. */
function viewerMinutes(view) {
  const { element } = dialogueElements;
  const { labels } = view;
  const { minutes } = view.data;

  const times = (evidence) =>
    element("span", { class: "times" }, ...evidence.flatMap((proof) => [view.timeButton(proof.start, proof.quote), " "]));

  /** The times of a statement, after the words to check by listening if it stands on doubtful ones. */
  const proofs = (statement) => [
    statement.doubt ? element("span", { class: "badge" }, statement.doubt) : null,
    " ",
    times(statement.evidence),
  ];

  const section = (title, ...children) => element("section", {}, element("h2", {}, title), ...children);
  const person = (name, id) => element("strong", { class: `person ${id ? view.colour(id) : "colour-none"}` }, name || labels.nobody);
  const item = (statement, ...children) => element("li", { "data-item": statement.id }, ...children, " ", ...proofs(statement));
  const points = (statements) => element("ul", {}, ...statements.map((each) => item(each, each.text)));

  /** A sentence a line, each with its time, when rules chose them; a paragraph when a model wrote it. */
  function summary(lines) {
    if (lines.length === 1) return element("p", {}, lines[0].text, " ", ...proofs(lines[0]));
    return element("ul", {}, ...lines.map((line) => element("li", {}, line.text, " ", ...proofs(line))));
  }

  function decision(decided) {
    const badge = decided.status === "decided" ? [] : [element("span", { class: "badge" }, labels[decided.status]), " "];
    const made = item(decided, ...badge, decided.text);
    made.className = decided.status;
    return made;
  }

  const action = (task) =>
    item(
      task,
      person(task.owner, task.owner_id),
      ` ${task.what} `,
      task.due ? element("span", { class: "due" }, task.due) : null,
      task.status === "done" ? element("span", { class: "badge" }, labels.done) : null,
      task.confidence < 0.5 ? element("span", { class: "badge" }, labels.unsure) : null,
    );

  function participant(person_) {
    const level = element("meter", { min: 0, max: 1, value: person_.share, "aria-hidden": "true" });
    return element(
      "li",
      { title: person_.name_source === "spoken" ? labels.spoken_name : null },
      person(person_.name, person_.id),
      person_.id ? level : null,
      element("span", { class: "share" }, person_.spoke),
    );
  }

  const parts = [element("p", { class: "date" }, minutes.date)];
  if (minutes.summary.length) parts.push(section(labels.summary, summary(minutes.summary)));
  if (minutes.decisions.length) parts.push(section(labels.decisions, element("ul", {}, ...minutes.decisions.map(decision))));
  if (minutes.actions.length) parts.push(section(labels.actions, element("ul", { class: "actions" }, ...minutes.actions.map(action))));
  if (minutes.open_questions.length) parts.push(section(labels.questions, points(minutes.open_questions)));
  if (minutes.next_meeting) {
    const next = minutes.next_meeting;
    parts.push(section(labels.next, element("p", { "data-item": next.id }, `${next.text} `, ...proofs(next))));
  }
  const topics = minutes.topics.filter((topic) => topic.points.length);
  if (topics.length) {
    const agenda = new Map(minutes.agenda.map((entry) => [entry.id, entry]));
    const title = (entry) => entry && element("h3", {}, entry.title, " ", view.timeButton(entry.start));
    parts.push(section(labels.topics, ...topics.flatMap((topic) => [title(agenda.get(topic.agenda_id)), points(topic.points)])));
  }
  if (minutes.to_verify.length) {
    parts.push(
      element(
        "section",
        { class: "verify" },
        element("h2", {}, labels.verify),
        element("p", {}, minutes.verify_note),
        points(minutes.to_verify),
      ),
    );
  }
  if (minutes.participants.length) {
    parts.push(section(labels.participants, element("ul", { class: "participants" }, ...minutes.participants.map(participant))));
  }
  parts.push(element("p", { class: "source" }, minutes.note));
  return parts;
}
