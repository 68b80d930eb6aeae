// The accounts in the sandbox. Change a status to see how a client reacts.

import { command, failure, h, replace, time } from "./dom.js";
import { control } from "./control.js";
import { statusKind } from "./request.js";
import { example } from "./requests.js";

/** The statuses of a validation, and one that is unknown to every client. */
const STATUSES = ["CREATED", "PENDING", "ACTIVE", "FAILURE", "DELETED", "SOMETHING_NEW"];

export function render(section, state) {
  // An open menu would close if its list were built again.
  if (section.contains(document.activeElement) && document.activeElement.matches("select") && section.dataset.shown === shown(state)) return;
  section.dataset.shown = shown(state);
  const { accounts } = state;
  replace(
    section,
    h("div", { className: "bar" }, h("h2", { id: "accounts-title" }, "Accounts")),
    failure(state),
    accounts.length === 0 ? empty(state) : [hint(), table(state)],
  );
}

const shown = ({ accounts, problem }) => JSON.stringify([accounts, problem]);

function hint() {
  return h("p", { className: "hint" }, "Set a status to see how your program reacts: it gets the new status when it reads the account again.");
}

function empty(state) {
  return h(
    "div",
    { className: "empty" },
    h("h3", {}, "No accounts yet"),
    h("p", {}, "Validating an account creates it. This command creates an account that is PENDING, so that you can change its status here:"),
    command(example(state.origin).replace("success@upi", "pending@upi")),
  );
}

function table(state) {
  const heads = ["Account", "Customer", "Status", "Next", "Validations", "Last validated"];
  return h(
    "table",
    { className: "accounts" },
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)), h("th", {}, h("span", { className: "visually-hidden" }, "Actions")))),
    h("tbody", {}, [...state.accounts].reverse().map((account) => row(account, state))),
  );
}

function row(account, state) {
  const { id, status } = account;
  const { upi, bank_account: bank } = account.account;
  const what = upi ? upi.vpa : `${bank.account} at ${bank.ifsc}`;
  const cell = (label, ...children) => h("td", { "data-label": label }, h("div", {}, children));
  const choices = STATUSES.includes(status) ? STATUSES : [status, ...STATUSES];
  const select = h(
    "select",
    { "aria-label": `Status of ${what}, ${id}`, "data-key": `status-${id}`, className: `tag ${statusKind(status)}` },
    choices.map((choice) => h("option", { value: choice, selected: choice === status }, choice)),
  );
  select.addEventListener("change", () => state.act(() => control.setStatus(id, select.value)));
  return h(
    "tr",
    { "data-account": id },
    cell("Account", h("span", { className: "mono" }, what), h("small", { className: "mono" }, id)),
    cell("Customer", h("span", { className: "mono" }, account.customer_id)),
    cell("Status", select),
    cell("Next", account.upcoming.map(step).join(", ") || "–"),
    cell("Validations", String(account.validations)),
    cell("Last validated", time(account.last_validated)),
    cell(
      "",
      h(
        "button",
        {
          type: "button",
          className: "quiet",
          "data-key": `forget-${id}`,
          "aria-label": `Forget ${what}, ${id}`,
          onclick: () => state.act(() => control.deleteAccount(id)),
        },
        "Forget",
      ),
    ),
  );
}

/** The next status, and when it comes. */
function step({ status, after_reads: reads, after_ms: ms }) {
  return `${status} ${reads === undefined ? `after ${ms / 1000} s` : `at read ${Math.max(reads, 1)}`}`;
}
