// What happened, the newest first.

const EVENTS_KEPT = 1000;
const EVENTS_AT_FIRST = 30;

const LEVELS = { warn: "warning", warning: "warning", error: "error", critical: "error" };

class Events {
  constructor() {
    this.list = byId("event-list");
    this.more = byId("events-more");
    this.more.addEventListener("click", () => {
      this.wanted = EVENTS_KEPT;
      this.render();
      this.list.querySelector(`:nth-child(${EVENTS_AT_FIRST + 1})`)?.focus();
    });
    this.wanted = EVENTS_AT_FIRST;
    this.forget(null);
  }

  forget(instance) {
    const restarted = this.instance && instance && this.instance !== instance;
    this.instance = instance;
    this.events = [];
    this.last = 0;
    this.lost = 0;
    if (restarted) this.restartedAt = new Date();
    this.list.replaceChildren();
    this.render();
  }

  // False: these are another process's, whose events are to be asked for from the first on.
  update(answer) {
    if (this.instance !== answer.instance) {
      const asked = this.last;
      this.forget(answer.instance);
      if (asked > 0) return false;
    }
    const known = this.last;
    const fresh = answer.events.filter((event) => event.id > known);
    if (fresh.length) {
      if (known && fresh[0].id > known + 1) this.lost += fresh[0].id - known - 1;
      this.events = [...fresh.reverse(), ...this.events].slice(0, EVENTS_KEPT);
    }
    this.last = Math.max(known, answer.last);
    if (fresh.length || !this.rendered) this.render();
    return true;
  }

  item(event) {
    const time = new Date(event.time);
    const where = [event.interface, FAMILIES[event.family]].filter(Boolean).join(" ");
    const level = LEVELS[event.level] ?? "info";
    return h("li", { "data-level": level, "data-id": event.id, tabindex: "-1" },
      h("time", { datetime: event.time }, Number.isNaN(time.getTime()) ? event.time
        : dayAndClock(time)), " ",
      h("span", { class: "tag" }, level), " ", h("span", { class: "where" }, where || "querent"),
      " ", h("span", { class: "text" }, event.text));
  }

  render() {
    this.rendered = true;
    const shown = this.events.slice(0, this.wanted);
    const there = new Map([...this.list.children].map((item) => [item.dataset.id, item]));
    this.list.replaceChildren(...shown.map((event) =>
      there.get(String(event.id)) ?? this.item(event)));
    say(byId("events-shown"), this.events.length ? `the latest ${number(shown.length)}, ` +
      "newest first" : "none yet");
    show(this.more, this.events.length > shown.length);
    say(this.more, `Show all ${number(this.events.length)}`);
    const notes = [];
    if (this.restartedAt) notes.push(`querent was restarted; seen at ${clock(this.restartedAt)}.`);
    if (this.lost) notes.push(`${plural(this.lost, "event")} came too fast to be shown.`);
    say(byId("events-note"), notes.join(" "));
    show(byId("events-note"), notes.length > 0);
  }
}
