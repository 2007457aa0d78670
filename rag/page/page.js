// What the page does without asking the server: a citation brings its source into view and marks it.
// Without this script a citation is still a link to the card, which CSS marks as :target.
(() => {
  if (window.askPapers) return;
  window.askPapers = true;
  // What was chosen in this tab is kept by the server under a name, which is handed over to the page that comes next.
  const handOver = (name, cookie, seconds) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${cookie}=${name}; Max-Age=${seconds}; Path=/; SameSite=Strict${secure}`;
  };
  addEventListener("pagehide", () => {
    const { name, cookie } = document.getElementById("tab-name")?.dataset ?? {};
    if (name) handOver(name, cookie, 30);
  });
  handOver("", "askpapers_tab", 0);
  let origin = null; // the citation that was followed, where "back" leads
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const sheet = () => {
    const app = document.querySelector(".stApp");
    let dialog = app.querySelector("dialog.sheet");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "sheet stHtml";
      dialog.setAttribute("aria-label", "Source");
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog || event.target.closest(".back")) dialog.close();
      });
      dialog.addEventListener("close", () => origin?.focus({ preventScroll: true }));
      app.append(dialog);
    }
    return dialog;
  };

  const openSheet = (card) => {
    const copy = card.cloneNode(true);
    copy.querySelectorAll("[id]").forEach((each) => each.removeAttribute("id"));
    const dialog = sheet();
    const list = document.createElement("ol");
    list.className = "sources cards";
    list.append(copy);
    dialog.replaceChildren(list);
    dialog.showModal();
    dialog.querySelector(".excerpt mark.active, mark.active")?.scrollIntoView({ block: "nearest" });
  };

  const cardOf = (link) => document.getElementById(link.dataset.source)?.closest(".source");

  // The citation where it stands now; it may have been drawn anew meanwhile.
  const drawn = (link) =>
    link.isConnected
      ? link
      : document.querySelector(`a.cite[data-source="${link.dataset.source}"][data-number="${link.dataset.number}"]`);

  // How far the pane has to be scrolled for the card, or for a quote far down in it.
  const shiftTo = (card, pane) => {
    const room = pane.getBoundingClientRect();
    const box = card.getBoundingClientRect();
    const quote = [...card.querySelectorAll("mark.active")].find((each) => each.offsetParent)?.getBoundingClientRect();
    const isFar = quote && quote.bottom - box.top > room.height;
    const shift = isFar ? quote.top - room.top - room.height / 3 : box.top - room.top - 8;
    return Math.max(-pane.scrollTop, Math.min(shift, pane.scrollHeight - pane.clientHeight - pane.scrollTop));
  };

  // The citation whose source is kept in view, for two seconds or until the reader does something else.
  let kept = null;
  let timer = 0;
  const letGo = () => {
    clearInterval(timer);
    kept = null;
  };
  ["wheel", "touchmove", "keydown", "pointerdown"].forEach((name) => {
    addEventListener(name, letGo, { capture: true, passive: true });
  });

  const markFollowed = (card, link) => {
    document.querySelectorAll(".active").forEach((each) => each.classList.remove("active"));
    card.classList.add("active");
    card.querySelectorAll(`mark[data-number="${link.dataset.number}"]`).forEach((each) => each.classList.add("active"));
    document.getElementById(link.dataset.source).classList.add("active");
    drawn(link)?.classList.add("active");
  };

  const jumpTo = (card) => {
    const pane = card.closest(".sources");
    pane.scrollTop += shiftTo(card, pane);
  };

  const bringIntoView = (card, link) => {
    const pane = card.closest(".sources");
    pane.scrollBy({ top: shiftTo(card, pane), behavior: calm.matches ? "auto" : "smooth" });
    card.focus({ preventScroll: true });
    let last = -1;
    let checks = 0;
    letGo();
    kept = link;
    timer = setInterval(() => {
      // A question that still comes to the top undoes a smooth scroll.
      const current = cardOf(link);
      const now = current?.closest(".sources").scrollTop ?? -1;
      if (current && now === last) jumpTo(current);
      last = now;
      if (++checks === 20) letGo();
    }, 100);
  };

  // Sources that are drawn once more have forgotten which of them was followed.
  const followAgain = () => {
    const card = kept && cardOf(kept);
    if (!card || card.classList.contains("active")) return;
    markFollowed(card, kept);
    card.focus({ preventScroll: true });
    jumpTo(card);
  };

  const follow = (link) => {
    const card = cardOf(link);
    if (!card) return false;
    markFollowed(card, link);
    origin = link;
    const beside = card.closest(".sources").getBoundingClientRect().left > link.getBoundingClientRect().right;
    if (beside) bringIntoView(card, link);
    else openSheet(card);
    return true;
  };

  // An answer is drawn a moment before its sources: a citation followed in between is followed once they are there.
  const PATIENCE = 3000; // milliseconds; later nobody expects it any more
  let awaited = null;
  const followOrAwait = (link) => {
    awaited = follow(link) ? null : { link, until: performance.now() + PATIENCE };
  };
  const followAwaited = () => {
    if (!awaited) return;
    const { link, until } = awaited;
    const current = drawn(link);
    if (performance.now() > until || (current && follow(current))) awaited = null;
  };

  // A new question comes to the top of the window; its answer then grows below it.
  let newest = null;
  const watchQuestions = () => {
    const questions = document.querySelectorAll(".question");
    const last = questions[questions.length - 1];
    if (!last || last.id === newest) return;
    const returned = newest === null && questions.length > 1; // to a conversation: one is at once where one was
    newest = last.id;
    last.scrollIntoView({ block: "start", behavior: returned || calm.matches ? "auto" : "smooth" });
  };
  let asked = 0;
  new MutationObserver(() => {
    if (!asked) asked = requestAnimationFrame(() => ((asked = 0), watchQuestions(), followAwaited(), followAgain()));
  }).observe(document.body, { childList: true, subtree: true });

  const copy = async (button) => {
    const words = (button.dataset.words ??= button.textContent); // a second press finds "Copied" there
    const link = button.dataset.copyLink;
    try {
      await navigator.clipboard.writeText(link ? new URL(link, location.href).href : button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Could not copy";
    }
    setTimeout(() => (button.textContent = words), 1600);
  };

  const save = (button) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([button.dataset.content], { type: "text/markdown" }));
    link.download = button.dataset.save;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // A paper's own page opens within the session: Streamlit listens to the browser's history, so "back" works as well.
  const openInside = (link) => {
    const target = new URL(link.href);
    if (target.pathname === location.pathname && target.searchParams.has("paper")) {
      const filters = new URLSearchParams(location.search); // of the list, for the way back
      target.searchParams.forEach((value, name) => filters.set(name, value));
      target.search = filters.toString();
    }
    document.querySelector("dialog.sheet")?.close();
    history.pushState(null, "", target);
    dispatchEvent(new PopStateEvent("popstate"));
    document.querySelector(".stMain")?.scrollTo({ top: 0 });
  };

  // In a narrow window the sidebar lies over the room that was chosen in it, and folds away by its own button.
  const CHOOSING = ".st-key-ways a, .st-key-new-conversation button, [class*='st-key-conversation-'] button";
  const foldSidebar = (chosen) => {
    const sidebar = chosen.closest("[data-testid='stSidebar']");
    const room = document.querySelector(".stMain").getBoundingClientRect();
    if (sidebar && sidebar.getBoundingClientRect().right > room.left + 1) {
      sidebar.querySelector("[data-testid='stSidebarCollapseButton'] button")?.click();
    }
  };

  document.addEventListener("click", (event) => {
    const chosen = event.target.closest?.(CHOOSING);
    if (chosen && !event.metaKey && !event.ctrlKey && !event.shiftKey) foldSidebar(chosen);
    const inside = event.target.closest?.("a.inside");
    if (inside && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      openInside(inside);
    }
    if (event.target.closest?.(".st-key-pages button")) document.querySelector(".stMain")?.scrollTo({ top: 0 });
    const link = event.target.closest?.("a.cite");
    if (link && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      followOrAwait(link);
    }
    const button = event.target.closest?.("button[data-copy], button[data-copy-link]");
    if (button) copy(button);
    const saving = event.target.closest?.("button[data-save]");
    if (saving) save(saving);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, [contenteditable]");
    if (event.key === "Escape" && event.target.closest?.(".source") && origin) {
      origin.focus();
    } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.querySelector('[data-testid="stChatInputTextArea"]');
      if (box) {
        event.preventDefault();
        box.focus();
      }
    }
  });
})();
