// A request as a program that uses the crate `juspay-accounts`, and reads the key from JUSPAY_API_KEY.

import { parse } from "./control.js";
import { sample } from "./copy.js";

/** A string literal. */
function literal(text) {
  const escaped = String(text).replace(/[\\"\p{Cc}]/gu, (letter) =>
    letter === "\\" || letter === '"' ? `\\${letter}` : `\\u{${letter.codePointAt(0).toString(16)}}`,
  );
  return `"${escaped}"`;
}

/** The builder's method for each optional form field. */
const SETTERS = {
  gateway_id: "gateway_id",
  gateway_reference_id: "gateway_reference_id",
  preferred_ifsc_validation_gateway: "preferred_gateway",
  validation_amount: "validation_amount",
};

/** The lines for each operation, and what they import besides the client. */
const CALLS = {
  createAndValidateCustomerAccount: (call) => [
    ["AccountsRequest"],
    ...accountsRequest(call),
    `let accounts = client.${call.field("command") === "create" ? "create" : "validate"}(&request).await?;`,
    'println!("{accounts:?}");',
  ],
  listCustomerAccounts: (call) => [
    ["Customer"],
    ...customer(call),
    "let accounts = client.list(&customer).await?;",
    'println!("{accounts:?}");',
  ],
  validateCustomerAccount: (call) => [
    ["Customer", "Revalidation"],
    ...customer(call),
    "// For a bank account, another penny drop.",
    `let request = Revalidation::new(customer, ${id(call)})${revalidation(call)};`,
    "let account = client.revalidate(request).await?;",
    'println!("{account:?}");',
  ],
};

/** An operation such as getCustomerAccount: its method is its first word and takes only the account. */
const ofAccount = (operation) => operation.match(/^([a-z]+)CustomerAccount$/)?.[1];

const onAccount = (method) => (call) => [
  ["Customer"],
  ...customer(call),
  `let account = client.${method}(&customer, &${id(call)}).await?;`,
  'println!("{account:?}");',
];

/** Whether there is code for an operation. */
export const hasRust = (operation) => operation in CALLS || ofAccount(operation) !== undefined;

export function asRust(request, spec, origin) {
  const { id: operation, values, routing, form, note } = sample(request, spec);
  const field = (name) => form.find((own) => own.name === name)?.value;
  const linesOf = CALLS[operation] ?? onAccount(ofAccount(operation));
  const [uses, ...lines] = linesOf({ values, routing, field });
  const imports = ["ApiKey", "BaseUrl", "Client", ...uses].sort();
  return [
    note && `// ${note}`,
    `use juspay_accounts::{${imports.join(", ")}};`,
    "",
    "#[tokio::main]",
    "async fn main() -> Result<(), Box<dyn std::error::Error>> {",
    '    let key = ApiKey::new(std::env::var("JUSPAY_API_KEY")?)?;',
    `    let client = Client::new(${literal(origin)}.parse::<BaseUrl>()?, key)?;`,
    ...lines.map((line) => `    ${line}`),
    "    Ok(())",
    "}",
    "",
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

const id = ({ values }) => `${literal(values.customer_account_id)}.parse()?`;

function customer({ values, routing }) {
  const own = routing !== undefined && routing !== values.customer_id ? `.with_routing_id(${literal(routing)}.parse()?)` : "";
  return [`let customer = Customer::new(${literal(values.customer_id)}.parse()?)${own};`];
}

function accountsRequest({ values, routing, field }) {
  const details = parse(field("account_details")) ?? {};
  const accounts = [];
  for (const { ifsc, account, name } of list(details.bank_account)) {
    const own = [ifsc, account, name].filter((value) => value !== undefined).map(literal);
    accounts.push(`.${name === undefined ? "bank_account" : "named_bank_account"}(${own.join(", ")})`);
  }
  for (const { vpa } of list(details.upi)) accounts.push(`.upi(${literal(vpa)})`);
  const options = Object.entries(SETTERS).flatMap(([name, setter]) => (field(name) === undefined ? [] : `.${setter}(${literal(field(name))})`));
  const route = routing !== undefined && routing !== values.customer_id ? [`.routing_id(${literal(routing)})`] : [];
  const calls = [...route, ...accounts, ...options, ".build()?;"].map((call) => `    ${call}`);
  return [`let request = AccountsRequest::builder(${literal(values.customer_id)}, ${literal(field("bank_code") ?? "")})`, ...calls];
}

function revalidation({ field }) {
  return ["preferred_ifsc_validation_gateway", "validation_amount"]
    .filter((name) => field(name) !== undefined)
    .map((name) => `.${SETTERS[name]}(${literal(field(name))}.parse()?)`)
    .join("");
}

/** The objects in a list; none if it is not a list. */
const list = (value) => (Array.isArray(value) ? value.filter((item) => item && typeof item === "object") : []);
