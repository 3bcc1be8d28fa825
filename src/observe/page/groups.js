// The membership table: thousands of rows, of which those in sight exist.

const ROWS_BEYOND = 8;

// An address as text that sorts as its number.
function sortable(address) {
  if (!address.includes(":")) {
    return address.split(".").map((part) => part.padStart(3, "0")).join(".");
  }
  const [head, tail] = address.split("::");
  const left = head ? head.split(":") : [];
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array(zeros).fill("0"), ...right].map((part) => part.padStart(4, "0"))
    .join(":");
}

const COLUMNS = [
  { id: "name", title: "Name", value: (group) => group.name?.toLowerCase() ?? null },
  { id: "group", title: "Group", value: (group) => group.order },
  { id: "interface", title: "Interface", value: (group) => `${group.interface} ${group.family}` },
  { id: "mode", title: "Mode", value: (group) => group.mode },
  { id: "hosts", title: "Hosts", value: (group) => group.hosts_total, numeric: true },
  { id: "sources", title: "Sources", value: (group) => group.sources_total, numeric: true },
  { id: "version", title: "Version", value: (group) => group.version },
  { id: "report", title: "Last report", value: (group) => group.last_report_ago_s, numeric: true },
  { id: "expires", title: "Expires", value: (group) => group.expires_in_s, numeric: true },
];

function compare(one, other) {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return one < other ? -1 : 1;
}

const keyOf = (group) => `${group.interface}/${group.family}/${group.group}`;

function searched(group) {
  const hosts = group.hosts.map((host) => `${host.address} ${host.mac ?? ""}`).join(" ");
  const sources = group.sources.map((source) => source.address).join(" ");
  return [group.name ?? "", group.group, group.interface, FAMILIES[group.family], group.mode,
          protocol(group.family, group.version), group.link_local ? "link-local" : "",
          group.last_reporter?.address ?? "", group.last_reporter?.mac ?? "", hosts, sources]
    .join(" ").toLowerCase();
}

class Row {
  constructor(choose) {
    this.cells = {};
    this.element = h("tr", { role: "row" });
    for (const { id } of COLUMNS) {
      this.cells[id] = h("td", { role: "cell", class: `c-${id}` });
      this.element.append(this.cells[id]);
    }
    this.button = h("button", { type: "button", class: "address" });
    this.button.addEventListener("click", () => choose(this.group));
    this.cells.group.append(this.button);
    this.fill = h("i", { class: "fill" });
    this.left = h("b");
    this.cells.expires.append(this.left, h("span", { class: "scale", "aria-hidden": "true" },
      this.fill));
    this.mode = h("span", { class: "tag" });
    this.cells.mode.append(this.mode);
  }

  update(group) {
    if (this.group === group) return;
    this.group = group;
    say(this.cells.name, group.name ?? (group.link_local ? "link-local" : NONE));
    mark(this.cells.name, "data-none", String(group.name === null));
    say(this.button, group.group);
    mark(this.button, "aria-label", `${group.group}, details`);
    say(this.cells.interface, `${group.interface} ${FAMILIES[group.family]}`);
    say(this.mode, group.mode);
    mark(this.mode, "data-mode", group.mode);
    say(this.cells.hosts, group.hosts_total ? number(group.hosts_total) : NONE);
    say(this.cells.sources, group.sources_total ? number(group.sources_total) : NONE);
    say(this.cells.version, protocol(group.family, group.version));
  }

  tick(elapsed, fresh) {
    const { group } = this;
    say(this.cells.report, group.last_report_ago_s === null ? NONE
      : fresh ? `${duration(group.last_report_ago_s + elapsed)} ago` : UNKNOWN);
    if (group.expires_in_s === null) {
      say(this.left, "never");
      this.fill.style.transform = "scaleX(1)";
      return;
    }
    const left = group.expires_in_s - elapsed;
    const whole = Math.max(1, group.expires_in_s + (group.last_report_ago_s ?? 0));
    say(this.left, !fresh ? UNKNOWN : left > 0 ? duration(Math.ceil(left)) : "due now");
    const part = fresh ? Math.max(0, Math.min(1, left / whole)) : 0;
    this.fill.style.transform = `scaleX(${part.toFixed(3)})`;
  }
}

class Groups {
  constructor() {
    this.all = [];
    this.shown = [];
    this.rows = new Map();
    this.sort = { column: COLUMNS[1], descending: false };
    this.elapsed = 0;
    this.fresh = false;
    this.orders = new Map();
    this.scroller = byId("scroller");
    this.body = byId("group-rows");
    this.above = h("tr", { class: "space", "aria-hidden": "true" });
    this.below = h("tr", { class: "space", "aria-hidden": "true" });
    this.body.append(this.above, this.below);
    this.heads = COLUMNS.map((column) => this.head(column));
    this.filter = byId("filter");
    this.filter.addEventListener("input", () => this.later(true));
    this.scroller.addEventListener("scroll", () => this.later(false), { passive: true });
    new ResizeObserver(() => this.later(false)).observe(this.scroller);
    byId("detail-close").addEventListener("click", () => this.choose(null));
    this.markSort();
  }

  // Once a frame, however many keys and scroll events there are.
  later(selects) {
    this.selects ||= selects;
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (this.selects) {
        this.selects = false;
        this.select();
        this.scroller.scrollTop = 0;
        say(byId("filter-said"), byId("groups-shown").textContent);
      }
      this.render();
    });
  }

  head(column) {
    const button = h("button", { type: "button" }, column.title, h("i", { "aria-hidden": "true" }));
    button.addEventListener("click", () => {
      const same = this.sort.column === column;
      this.sort = { column, descending: same && !this.sort.descending };
      this.markSort();
      this.select();
      this.render();
    });
    const cell = h("th", { role: "columnheader", scope: "col", class: `c-${column.id}` }, button);
    byId("group-head").append(cell);
    return { column, cell };
  }

  markSort() {
    for (const { column, cell } of this.heads) {
      const direction = this.sort.descending ? "descending" : "ascending";
      if (column === this.sort.column) cell.setAttribute("aria-sort", direction);
      else cell.removeAttribute("aria-sort");
    }
  }

  update(groups, status) {
    const orders = new Map();
    for (const group of groups) {
      const order = this.orders.get(group.group) ?? sortable(group.group);
      orders.set(group.group, order);
      group.order = `${group.family} ${order}`;
    }
    this.orders = orders;
    this.all = groups;
    this.select();
    this.note(status);
    this.detail();
  }

  // Only the querier's port hears everybody's reports.
  note(status) {
    const where = status ? places(status, (link, segment) =>
      link.state === "up" && (segment.state === "non_querier" || segment.state === "passive")) : "";
    show(byId("groups-note"), where !== "");
    say(byId("groups-note"), where && `On ${where} this list is complete only while we are the ` +
      "querier: a snooping switch sends the hosts' reports to the querier's port, not to ours.");
  }

  select() {
    const wanted = this.filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    this.shown = !wanted.length ? [...this.all] : this.all.filter((group) => {
      group.searched ??= searched(group);
      return wanted.every((word) => group.searched.includes(word));
    });
    const { column: { value }, descending } = this.sort;
    const turn = descending ? -1 : 1;
    this.shown.sort((one, other) => {
      const a = value(one);
      const b = value(other);
      if (a === null || b === null) return compare(a, b) || compare(one.order, other.order);
      return turn * compare(a, b) || compare(one.order, other.order);
    });
    const { length } = this.all;
    say(byId("groups-shown"), wanted.length ? `${number(this.shown.length)} of ` +
      plural(length, "group") : plural(length, "group"));
    show(byId("no-groups"), this.shown.length === 0);
    say(byId("no-groups"), length ? "No group matches the filter."
      : "No group has been reported yet.");
    mark(byId("group-table"), "aria-rowcount", String(this.shown.length + 1));
  }

  rowHeight() {
    return Number.parseFloat(getComputedStyle(this.scroller).getPropertyValue("--row")) || 40;
  }

  render() {
    const height = this.rowHeight();
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.min(Math.floor(scrollTop / height) - ROWS_BEYOND,
                                       this.shown.length - 1));
    const last = Math.min(this.shown.length,
                          Math.ceil((scrollTop + clientHeight) / height) + ROWS_BEYOND);
    const wanted = this.shown.slice(first, last);
    const kept = new Set(wanted.map(keyOf));
    const spare = [];
    for (const [key, row] of this.rows) {
      if (kept.has(key)) continue;
      if (row.element.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
      row.element.remove();
      this.rows.delete(key);
      spare.push(row);
    }
    let next = this.above.nextSibling;
    keepingFocus(() => wanted.forEach((group, place) => {
      const key = keyOf(group);
      const row = this.rows.get(key) ?? spare.pop() ?? new Row((chosen) => this.choose(chosen));
      this.rows.set(key, row);
      row.update(group);
      row.tick(this.elapsed, this.fresh);
      mark(row.element, "aria-rowindex", String(first + place + 2));
      mark(row.element, "data-odd", String((first + place) % 2 === 1));
      if (row.element === next) next = next.nextSibling;
      else this.body.insertBefore(row.element, next);
    }));
    this.above.style.height = `${first * height}px`;
    this.below.style.height = `${Math.max(0, this.shown.length - last) * height}px`;
  }

  tick(elapsed, fresh) {
    this.elapsed = elapsed;
    this.fresh = fresh;
    for (const row of this.rows.values()) row.tick(elapsed, fresh);
  }

  choose(group) {
    const before = this.chosen;
    this.chosen = group ? keyOf(group) : null;
    this.detail();
    if (group) byId("detail-title").focus();
    else (this.rows.get(before)?.button ?? this.scroller).focus();
  }

  detail() {
    const group = this.chosen && this.all.find((candidate) => keyOf(candidate) === this.chosen);
    show(byId("group-detail"), Boolean(this.chosen));
    if (!this.chosen) return;
    const body = byId("detail-body");
    if (!group) {
      body.replaceChildren(h("p", {}, "This group is gone: nobody wants it any more."));
      return;
    }
    say(byId("detail-title"), `${group.name ? `${group.name}, ` : ""}${group.group}`);
    const more = (listed_, total) => (total > listed_.length
      ? [h("p", {}, `and ${number(total - listed_.length)} more`)] : []);
    const list = (entries) => h("ul", {}, ...entries.map((entry) => h("li", {}, entry)));
    const reporter = group.last_reporter ? withMac(group.last_reporter) : NONE;
    const source = ({ address, expires_in_s: left }) =>
      `${address}${left === null ? ", blocked" : ", wanted"}`;
    body.replaceChildren(
      h("p", {}, `Known for ${duration(group.known_for_s)}; last reported by ${reporter}.` +
        (group.link_local ? " Link-local: switches never filter it." : "")),
      h("h4", {}, group.mode === "include" ? "Only from these sources" : "Sources told by hosts"),
      group.sources.length ? list(group.sources.map(source)) : h("p", {}, "None."),
      ...more(group.sources, group.sources_total),
      h("h4", {}, "Hosts"),
      group.hosts.length ? list(group.hosts.map(withMac))
        : h("p", {}, "Not told apart: before IGMPv3 and MLDv2 one host answers for all."),
      ...more(group.hosts, group.hosts_total));
  }
}
