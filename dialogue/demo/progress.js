"use strict";

/**
 * The work on a meeting while it waits or runs, and how it ended.
 *
 * @param {object} page  `labels, address(path), cancel(), rerun(options), words({from, utterances, speakers, duration}),
 *     refresh()`.
 */
function meetingProgress(page) {
  const { element, button, filled } = dialogueElements;
  const { labels } = page;
  const heading = element("h2", {});
  const share = element("progress", { max: 1 });
  const percent = element("span", { class: "percent" });
  const left = element("span", {});
  const text = element("p", { role: "status" });
  const stop = button(labels.stop, () => page.cancel());
  const again = button(labels.again, () => page.rerun({}), { class: "main" });
  const far = element("div", { class: "line how-far" }, share, percent, left);
  const root = element(
    "section",
    { class: "progress", "aria-label": labels.progress, hidden: true },
    element("div", { class: "line" }, heading, element("span", { class: "gap" }), stop, again),
    far,
    text,
  );
  let source = null;
  let hasViewer = false; // what was recognised before stays in sight meanwhile
  let timer = 0;

  const ahead = (many) => (many === 0 ? labels.ahead_0 : many === 1 ? labels.ahead_1 : filled(labels.ahead_n, { n: many }));

  function put(target, said) {
    if (target.textContent !== said) target.textContent = said; // else a screen reader says it again
  }

  function draw(job) {
    const waits = job?.state === "submitted";
    const runs = job?.state === "running";
    const ended = job && ["failed", "cancelled"].includes(job.state);
    root.hidden = !(waits || runs || ended || (!job && !hasViewer));
    root.classList.toggle("ended", !(waits || runs));
    far.hidden = !runs;
    stop.hidden = !(waits || runs);
    again.hidden = waits || runs;
    if (runs) {
      put(heading, job.step_label || labels.progress);
      share.value = job.share;
      put(percent, `${Math.floor(100 * job.share)} %`);
      put(left, job.seconds_left === null ? "" : editorLogic.left(job.seconds_left, labels));
      put(text, hasViewer ? labels.may_close : `${labels.grows} ${labels.may_close}`);
    } else if (waits) {
      put(heading, labels.waiting);
      put(text, `${ahead(job.ahead)} ${labels.may_close}`);
    } else {
      put(heading, !job ? labels.waits_for_nothing : job.state === "failed" ? labels.failed : labels.cancelled);
      put(text, job?.state === "failed" ? job.cause || "" : job?.state === "cancelled" ? labels.cancelled_text : "");
    }
  }

  function close() {
    source?.close();
    source = null;
    clearTimeout(timer);
  }

  function follow() {
    if (source) return;
    source = new EventSource(page.address("/progress"));
    source.addEventListener("progress", (event) => draw(JSON.parse(event.data)));
    source.addEventListener("words", (event) => page.words(JSON.parse(event.data)));
    source.addEventListener("done", () => {
      close();
      page.refresh();
    });
    source.addEventListener("error", () => {
      close(); // and not EventSource's own way, which would not say that the server is gone
      timer = setTimeout(page.refresh, 2000);
    });
  }

  return {
    root,
    close,
    show(job, shown) {
      hasViewer = shown;
      draw(job);
      if (job && ["submitted", "running"].includes(job.state)) follow();
      else close();
    },
  };
}
