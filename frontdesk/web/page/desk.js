// Says where the desk's line is, and opens the desk again after it was closed. Addresses are relative to the page, so
// that a reverse proxy may show it under any name and path.
"use strict";

// The terminal makes a link of whatever looks like one. What people are called opens no windows here.
window.open = () => null;

document.addEventListener("DOMContentLoaded", () => {
  const line = new URL("line", document.baseURI);
  line.protocol = line.protocol.replace("http", "ws");
  line.search = "";
  line.hash = "";
  document.getElementById("terminal").dataset.sessionWebsocketUrl = line.href;

  const again = document.getElementById("again");
  again.addEventListener("click", () => window.location.reload());
  new MutationObserver(() => {
    if (document.body.classList.contains("-closed")) again.focus();
    else document.querySelector(".xterm-helper-textarea")?.focus();
  }).observe(document.body, { attributeFilter: ["class"] });
});
