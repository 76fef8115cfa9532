"use strict";
// Counts the page again for a chosen unit and sector, out of the cells that it carries. Asks for nothing from anywhere.
(function () {
  const data = JSON.parse(document.getElementById("so-lieu").textContent);
  const unitBox = document.getElementById("chon-don-vi");
  const sectorBox = document.getElementById("chon-linh-vuc");
  const filters = document.querySelector("form.filters");
  const FORM = [
    "received_total", "received_online", "received_direct_postal", "carried_over", "resolved_total", "resolved_early",
    "resolved_on_time", "resolved_late", "pending_total", "pending_in_time", "pending_overdue",
  ];
  const ALL = "all";
  const BEFORE = -1;
  const TINTS = [990, 970, 940, 900];
  let sums = {};

  // ---- Numbers as the language writes them; the same as texts.py.
  function number(value) {
    const digits = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, data.signs.thousands);
    return (value < 0 ? "-" : "") + digits;
  }
  function percent(part, whole) {
    if (!whole) return "–";
    let tenths = Math.floor((2000 * part + whole) / (2 * whole));
    if (part > 0 && part < whole) tenths = Math.min(Math.max(tenths, 1), 999);
    return Math.floor(tenths / 10) + data.signs.decimal + (tenths % 10) + data.signs.percent;
  }
  function perThousand(part, whole) {
    if (!whole) return "–";
    const tenths = Math.floor((20000 * part + whole) / (2 * whole));
    return number(Math.floor(tenths / 10)) + data.signs.decimal + (tenths % 10);
  }
  function say(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  // ---- Sums of cells by unit, once per choice of a sector.
  function addUp(cube, sector) {
    const totals = new Map();
    const start = cube.byMonth ? 3 : 2;
    function add(unit, month, row) {
      const key = unit + "|" + month;
      let into = totals.get(key);
      if (!into) totals.set(key, (into = {}));
      cube.names.forEach((name, i) => { into[name] = (into[name] || 0) + row[start + i]; });
    }
    for (const row of cube.rows) {
      if (sector !== null && row[1] !== sector) continue;
      for (const unit of [String(row[0] === null ? "none" : row[0]), ALL]) {
        if (cube.byMonth) add(unit, row[2], row);
        if (!cube.byMonth || row[2] !== BEFORE) add(unit, "", row);
      }
    }
    return totals;
  }
  function count(sector) {
    sums = {};
    for (const name of ["flow", "line", "received", "portal", "edited"]) sums[name] = addUp(data.cubes[name], sector);
  }
  function figure(cube, name, unit, month) {
    const row = sums[cube].get(unit + "|" + (month === null ? "" : month));
    return row ? row[name] || 0 : 0;
  }

  // ---- Figures of the form: all of them sums, but for today's units, whose shares are estimates.
  function resolved(unit, month) {
    return ["resolved_early", "resolved_on_time", "resolved_late", "resolved_untimed"]
      .reduce((sum, name) => sum + figure("flow", name, unit, month), 0);
  }
  function intake(unit, month) {
    return figure("flow", "received_online", unit, month) + figure("flow", "received_direct_postal", unit, month);
  }
  function stated(name, unit) {
    const at = FORM.indexOf(name);
    const rows = unit === ALL ? Object.values(data.form) : data.form[unit] ? [data.form[unit]] : [];
    return rows.reduce((sum, row) => sum + row[at], 0);
  }
  function ofForm(name, unit, month) {
    if (name === "timely") return ofForm("resolved_early", unit, month) + ofForm("resolved_on_time", unit, month);
    if (data.form && month === null) {
      return name === "intake"
        ? stated("received_online", unit) + stated("received_direct_postal", unit)
        : stated(name, unit);
    }
    const carried = () => intake(unit, BEFORE) - resolved(unit, BEFORE);
    const overdue = () => [BEFORE, null].reduce((sum, at) =>
      sum + figure("flow", "newly_overdue", unit, at) - figure("flow", "overdue_cleared", unit, at), 0);
    switch (name) {
      case "intake": return intake(unit, month);
      case "resolved_total": return resolved(unit, month);
      case "carried_over": return carried();
      case "received_total": return carried() + intake(unit, null);
      case "pending_total": return carried() + intake(unit, null) - resolved(unit, null);
      case "pending_overdue": return overdue();
      case "pending_in_time": return carried() + intake(unit, null) - resolved(unit, null) - overdue();
      default: return figure("flow", name, unit, month);
    }
  }

  // ---- Expressions of values.py: a figure or a share, @ a month, ! for a tint, ‰ for a share of a thousand.
  function parse(expression) {
    const [names, month] = expression.replace(/[!‰]$/, "").split("@");
    return {
      names: names.split("/"), month: month === undefined ? null : Number(month),
      tinted: /!$/.test(expression), write: /‰$/.test(expression) ? perThousand : percent,
    };
  }
  function numbers(parsed, unit) {
    return parsed.names.map((name) => {
      const [cube, one] = name.split(".");
      if (cube === "base") return intake(unit, BEFORE) + intake(unit, null);
      return cube === "form" ? ofForm(one, unit, parsed.month) : figure(cube, one, unit, parsed.month);
    });
  }
  function written(values, write) {
    return values.length > 1 ? write(values[0], values[1]) : number(values[0]);
  }

  // ---- Tables with a row for each unit.
  function fillTable(table, choice) {
    const columns = table.dataset.cols.split(" ").map(parse);
    const whole = choice.unit === null ? ALL : choice.unit;
    let place = 0;
    for (const row of table.querySelectorAll("tr[data-unit]")) {
      const isTotal = row.dataset.unit === ALL;
      const unit = isTotal ? whole : row.dataset.unit;
      const cells = [...row.querySelectorAll("td")].slice(-columns.length);
      let any = false;
      columns.forEach((column, i) => {
        const values = numbers(column, unit);
        any = any || values.some((value) => value !== 0);
        cells[i].textContent = written(values, column.write);
        if (column.tinted) cells[i].className = "n" + tint(values);
      });
      row.hidden = !isTotal && ((choice.unit !== null && choice.unit !== unit) || (choice.isSet && !any));
      if ("numbered" in table.dataset && !isTotal && !row.hidden) row.querySelector("td").textContent = number(++place);
    }
    const check = table.querySelector("[data-check] td.n");
    if (check) {
      const [all, done, open] = ["received_total", "resolved_total", "pending_total"].map((name) => ofForm(name, whole, null));
      check.textContent = number(all - done - open);
    }
  }
  function tint(values) {
    if (!values[1]) return "";
    return " tint" + TINTS.filter((least) => 1000 * values[0] < least * values[1]).length;
  }

  // ---- The day charts; the same as draw.py, to the letter.
  const WIDTH = 4200, LEFT = 520, RIGHT = 40, TOP = 90, HEIGHT = 1300, FOOT = 300, MOST_TICKS = 4;
  const div = (a, b) => Math.floor(a / b);
  const across = (i, days) => LEFT + div(i * (WIDTH - LEFT - RIGHT), days);
  function stepOf(most) {
    for (let size = 1; ; size *= 10) {
      for (const base of [1, 2, 5]) if (base * size * MOST_TICKS >= most) return base * size;
    }
  }
  function grid(y, label) {
    return `<path class="grid" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/><text class="scale" x="${LEFT - 50}" y="${y + 38}">${label}</text>`;
  }
  function picture(parts, base, days) {
    const named = data.marks.map(([i, day]) => `<text class="when" x="${across(i, days)}" y="${base + 200}">${day}</text>`).join("");
    const missing = data.gaps.map((i) =>
      `M${across(i, days)} ${base + 20}h${Math.max(10, across(i + 1, days) - across(i, days))}v40H${across(i, days)}Z`).join("");
    const gap = data.gaps.length ? `<path class="gap" d="${missing}"/>` : "";
    return `<svg class="plot" viewBox="0 0 ${WIDTH} ${base + FOOT}" aria-hidden="true" focusable="false">${parts.join("")}${gap}${named}</svg>`;
  }
  function drawStock(stock) {
    const base = TOP + HEIGHT, highest = Math.max(...stock), step = stepOf(highest);
    const most = Math.max(step, Math.ceil(highest / step) * step);
    const y = (value) => base - div(value * HEIGHT, most);
    const parts = [];
    for (let value = 0; value <= most; value += step) parts.push(grid(y(value), number(value)));
    const path = stock.map((value, i) => `V${y(value)}H${across(i + 1, stock.length)}`).join("");
    parts.push(`<path class="area" d="M${LEFT} ${base}${path}V${base}Z"/>`);
    parts.push(`<path class="line" d="M${LEFT} ${y(stock[0])}${path}"/>`);
    return picture(parts, base, stock.length);
  }
  function drawFlow(gained, lost) {
    const highest = Math.max(...gained, ...lost), step = stepOf(highest);
    const most = Math.max(step, Math.ceil(highest / step) * step);
    const half = div(HEIGHT, 2), zero = TOP + half, base = TOP + 2 * half;
    const parts = [];
    for (let value = -most; value <= most; value += step) parts.push(grid(zero - div(value * half, most), number(Math.abs(value))));
    for (const [kind, values] of [["new", gained], ["cleared", lost]]) {
      const bars = values.map((value, i) => {
        const height = div(value * half, most);
        if (!height) return "";
        const wide = Math.max(10, div((across(i + 1, values.length) - across(i, values.length)) * 8, 10));
        return `M${across(i, values.length)} ${zero}v${kind === "new" ? -height : height}h${wide}V${zero}Z`;
      }).join("");
      parts.push(`<path class="${kind}" d="${bars}"/>`);
    }
    return picture(parts, base, gained.length);
  }

  // ---- Overdue stock and flow by day and month.
  function byDay(choice) {
    const unit = choice.unit === null ? ALL : choice.unit;
    const gained = new Array(data.days.length).fill(0), lost = new Array(data.days.length).fill(0);
    for (const [of, sector, day, more, less] of data.cubes.overdue.rows) {
      if (choice.sector !== null && sector !== choice.sector) continue;
      if (choice.unit !== null && String(of) !== choice.unit) continue;
      gained[day] += more;
      lost[day] += less;
    }
    let open = figure("flow", "newly_overdue", unit, BEFORE) - figure("flow", "overdue_cleared", unit, BEFORE);
    return { gained, lost, stock: gained.map((more, i) => (open += more - lost[i])) };
  }
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  function fillDays(choice) {
    if (!data.days.length) return;
    const { gained, lost, stock } = byDay(choice);
    const pictures = [
      () => [drawStock(stock), say(data.texts.saysStock, {
        first: number(stock[0]), first_day: data.days[0],
        last: number(stock[stock.length - 1]), last_day: data.days[data.days.length - 1],
        most: number(Math.max(...stock)), most_day: data.days[stock.indexOf(Math.max(...stock))],
      })],
      () => [drawFlow(gained, lost), say(data.texts.saysFlow, { new: number(total(gained)), cleared: number(total(lost)) })],
    ];
    document.querySelectorAll(".charts figure").forEach((place, i) => {
      const [svg, says] = pictures[i]();
      place.querySelector("svg").outerHTML = svg;
      place.setAttribute("aria-label", says);
    });
    fillMonths(choice, gained, lost, stock);
  }
  function fillMonths(choice, gained, lost, stock) {
    const unit = choice.unit === null ? ALL : choice.unit;
    let pending = intake(unit, BEFORE) - resolved(unit, BEFORE), from = 0, month = 0;
    for (const row of document.querySelectorAll("[data-months] tr[data-month]")) {
      for (; month <= Number(row.dataset.month); month++) pending += intake(unit, month) - resolved(unit, month);
      const last = data.monthEnds[Number(row.dataset.month)] + 1;
      const shown = [total(gained.slice(from, last)), total(lost.slice(from, last)), stock[last - 1], pending];
      row.querySelectorAll("td").forEach((cell, i) => { cell.textContent = number(shown[i]); });
      from = last;
    }
  }

  // ---- Lists.
  function isChosen(list, choice) {
    const unit = choice.unit === null ? null : Number(choice.unit);
    return ([of, sector]) => {
      if (list.byScope ? of !== unit : unit !== null && of !== unit) return false;
      return choice.sector === null || sector === null || sector === choice.sector;
    };
  }
  function fillList(table, choice) {
    const list = data.lists[table.dataset.list];
    const rows = list.rows.filter(isChosen(list, choice));
    const all = list.byScope ? rows.length
      : list.totals.filter(([unit, sector]) => isChosen(list, choice)([unit, list.sectorless ? null : sector]))
        .reduce((sum, row) => sum + row[2], 0);
    const [ofOne, ofCell] = data.limits;
    const limit = all <= rows.length || !choice.isSet ? list.most : choice.unit !== null && choice.sector !== null ? ofCell : ofOne;
    const shown = rows.slice(0, limit);
    const body = document.createElement("tbody");
    shown.forEach((row, place) => {
      const line = body.insertRow();
      [["n", number(place + 1)], ...row.slice(2).map((text, i) => [list.kinds[i], text])].forEach(([kind, text]) => {
        const cell = line.insertCell();
        if (kind !== "text") cell.className = kind;
        cell.textContent = typeof text === "number" ? data.strings[text] : text;
      });
    });
    table.tBodies[0].replaceWith(body);
    const note = document.querySelector(`[data-shown="${table.dataset.list}"]`);
    note.textContent = say(shown.length < all ? data.texts.shownSome : data.texts.shownAll,
      { shown: number(shown.length), total: number(all) });
    const rest = document.querySelector(`[data-rest="${table.dataset.list}"]`);
    rest.hidden = all <= data.printed;
    rest.textContent = say(rest.dataset.restSays, { count: number(all - data.printed) });
  }

  // ---- The sentence, single figures, and what is written of the choice.
  function fillFigures(choice) {
    const unit = choice.unit === null ? ALL : choice.unit;
    for (const place of document.querySelectorAll("[data-value]")) {
      const parsed = parse(place.dataset.value);
      place.textContent = written(numbers(parsed, unit), parsed.write);
    }
    const line = {};
    for (const name of data.cubes.line.names) line[name] = figure("line", name, unit, null);
    const untimed = line.resolved - line.early_or_on_time - line.late;
    const texts = {
      units: choice.isSet ? choice.named : data.everyUnits,
      received: number(line.received), resolved: number(line.resolved), share: percent(line.resolved, line.received),
      timely: number(line.early_or_on_time), late: number(line.late), overdue: number(line.overdue_open),
      withdrawn: untimed ? say(data.texts.withdrawn, { count: number(untimed) }) : "",
    };
    for (const place of document.querySelectorAll("[data-say]")) place.textContent = texts[place.dataset.say];
  }
  function fillWords(choice) {
    document.querySelector("[data-choice]").textContent = choice.isSet
      ? say(data.texts.now, { unit: choice.unitName, sector: choice.sectorName }) : "";
    document.body.classList.toggle("filtered", choice.isSet);
    for (const note of document.querySelectorAll("[data-when-sector]")) note.hidden = choice.sector === null;
    for (const note of document.querySelectorAll("[data-when-chosen]")) note.hidden = !choice.isSet;
    for (const row of document.querySelectorAll("[data-only-units] tr[data-unit]")) {
      row.hidden = choice.unit !== null && row.dataset.unit !== choice.unit;
    }
  }

  // ---- The choice stands in the address, so that it can be kept and sent.
  function choiceOfAddress() {
    const address = new URLSearchParams(location.hash.slice(1));
    const unit = data.units.find(([, key]) => key === address.get("don-vi"));
    const sector = data.sectors.find(([, name]) => name === address.get("linh-vuc"));
    const unitName = unit ? unit[2] : data.texts.everyUnit;
    const sectorName = sector ? sector[1] : data.texts.everySector;
    return {
      unit: unit ? String(unit[0]) : null, sector: sector ? sector[0] : null, isSet: Boolean(unit || sector), unitName, sectorName,
      named: named(unit ? say(data.texts.namedUnit, { names: within(unitName) }) : data.everyUnits, sector && sectorName),
      unitKey: unit ? unit[1] : "", sectorKey: sector ? sector[1] : "",
    };
  }
  // As wording.py names a unit within a sentence.
  function within(name) {
    return data.kindsOfUnits.some((kind) => name.startsWith(kind)) ? name[0].toLowerCase() + name.slice(1) : name;
  }
  function named(units, sector) {
    return sector ? say(data.texts.inSector, { unit: units, sector: sector }) : units;
  }
  function show(choice) {
    unitBox.value = choice.unitKey;
    sectorBox.value = choice.sectorKey;
    count(choice.sector);
    fillFigures(choice);
    document.querySelectorAll("table[data-cols]").forEach((table) => fillTable(table, choice));
    fillDays(choice);
    document.querySelectorAll("table[data-list]").forEach((table) => fillList(table, choice));
    fillWords(choice);
  }
  function choose() {
    const address = new URLSearchParams();
    if (unitBox.value) address.set("don-vi", unitBox.value);
    if (sectorBox.value) address.set("linh-vuc", sectorBox.value);
    // an empty fragment would jump to the top
    history.replaceState(null, "", String(address) ? "#" + address : location.pathname + location.search);
    show(choiceOfAddress());
  }
  // Links within the page leave the choice where it stands.
  function jump(event) {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    unfold(target);
    if (!choiceOfAddress().isSet) return;
    event.preventDefault();
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView();
  }

  // What is folded around a place is opened by a link to it.
  function unfold(target) {
    for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
  }
  // Paper has all folds open; afterwards they are as the reader left them.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const fold of closed) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
    closed = [];
  });

  data.everyUnits = (document.querySelector('[data-say="units"]') || {}).textContent;
  filters.hidden = false;
  filters.addEventListener("change", choose);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => setTimeout(choose));
  document.addEventListener("click", jump);
  window.addEventListener("hashchange", () => { if (/=/.test(location.hash) || document.body.classList.contains("filtered")) show(choiceOfAddress()); });
  if (choiceOfAddress().isSet) show(choiceOfAddress());
})();
