// The pages work without this script. It adds what GOV.UK Frontend adds: focus on errors, counters, one submit only.
import { initAll, isSupported } from "./frontend/frontend.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
if (isSupported()) {
  initAll();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A security key that does not answer says so on the page, not only in the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const main = document.getElementById("main-content");
  const notice = document.getElementById("key-failed") ?? document.createElement("div");
  notice.id = "key-failed";
  notice.className = "ph-notice ph-notice--error";
  notice.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.className = "govuk-body";
  words.textContent = "Not done: the security key gave no answer, or was refused. Try again, or use another way to sign in.";
  notice.replaceChildren(words);
  main.prepend(notice);
});
