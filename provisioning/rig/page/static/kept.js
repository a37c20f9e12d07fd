// What is left of a visit: slips, the hospital's record, the outbox.

import { $, h, keep, write } from "./dom.js";
import { clock, either, t } from "./words.js";

const SLIPS_SHOWN = 12;

export function render({ seen }) {
  renderSlips(seen.slips);
  renderVisits(seen.visits);
  renderAlerts(seen.alerts);
  renderOutbox(seen.outbox);
}

function renderSlips(count) {
  const newest = Array.from({ length: Math.min(count, SLIPS_SHOWN) }, (_, index) => count - index);
  $("no-slips").hidden = count > 0;
  keep($("slips"), newest, (number) => number, makeSlip, (item, number) => {
    const name = t("kept.slip", { number });
    item.querySelector("img").alt = name;
    write(item.querySelector("span"), name);
  });
}

function makeSlip(number) {
  const source = `/slips/${number}.png`;
  const link = h("a", { href: source, target: "_blank" }, h("img", { src: source, loading: "lazy" }), h("span"));
  return h("li", {}, link);
}

function renderVisits(visits) {
  $("no-visits").hidden = visits.length > 0;
  keep($("visits"), visits, (visit) => visit.id, makeVisit, updateVisit);
}

const FACTS = ["number", "pending_number", "who", "carer", "where", "when"];

function makeVisit() {
  const facts = FACTS.map((fact) => h("div", { className: fact }, h("dt"), h("dd")));
  return h("li", {}, h("dl", {}, ...facts), h("p", { className: "warning" }));
}

function updateVisit(item, visit) {
  const facts = {
    number: visit.queue_number,
    pending_number: visit.pending_queue_number,
    who: visit.patient,
    carer: visit.carer,
    where: either(visit.department),
    when: clock(visit.arrived_at),
  };
  for (const fact of FACTS) {
    const element = item.querySelector(`.${fact}`);
    element.hidden = !facts[fact];
    write(element.querySelector("dt"), t(`kept.${fact}`));
    write(element.querySelector("dd"), facts[fact] ?? "");
  }
  write(item.querySelector(".warning"), visit.reconcile ? t("kept.reconcile") : "");
}

function renderAlerts(alerts) {
  $("alerts-part").hidden = !alerts.length;
  keep($("alerts"), alerts, (alert) => alert.id, () => h("li"), (item, alert) => {
    write(item, `${clock(alert.recorded_at)} · ${either(alert.reason.words)}`);
  });
}

function renderOutbox(outbox) {
  const lines = outbox ? outboxLines(outbox) : [{ key: "none", text: t("kept.no_answer") }];
  keep($("outbox"), lines, (line) => line.key, () => h("p"), (element, { text, alarm }) => {
    write(element, text);
    element.classList.toggle("warning", Boolean(alarm));
  });
}

function outboxLines(outbox) {
  const waiting = outbox.waiting
    ? t("kept.waiting", { count: outbox.waiting, seconds: Math.round(outbox.oldest_s ?? 0) })
    : t("kept.nothing_waits");
  const named = (part, told) => `${t(`kept.${part}`)}: ${either(told.words)}`;
  return [
    { key: "waiting", text: waiting },
    { key: "left", text: t("kept.numbers_left", { count: outbox.numbers_left }) },
    { key: "printer", text: named("printer", outbox.printer), alarm: outbox.printer.code !== "ready" },
    { key: "site", text: named("site", outbox.site), alarm: outbox.site.code !== "ready" },
    ...outbox.alarms.map((alarm) => ({ key: `alarm.${alarm.code}`, text: `${named("alarms", alarm)} (${alarm.code})`, alarm: true })),
  ];
}
