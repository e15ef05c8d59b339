"use strict";


// The page itself: the data and the sound it carries, given to the viewer.
(function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const encoded = document.getElementById("sound");
  if (encoded.textContent) {
    const bytes = Uint8Array.from(atob(encoded.textContent), (c) => c.charCodeAt(0));
    data.sound = URL.createObjectURL(new Blob([bytes], { type: "audio/mpeg" }));
  }
  encoded.remove();
  data.at = Number(new URLSearchParams(location.hash.slice(1)).get("t")); // a link to a moment: report.html#t=12.5
  dialogueViewer(document.getElementById("viewer"), data);
})();
