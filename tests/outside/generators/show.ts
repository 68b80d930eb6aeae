type Account = {
  account_details?: { vpa?: string | null; ifsc?: string | null; account?: string | null } | null;
  validation_status?: string | null;
  validation_amount?: unknown;
};

export function show(what: string, accounts: object[]) {
  for (const { account_details: of, validation_status: status, validation_amount: amount } of accounts as Account[]) {
    console.log(`${what} ${of?.vpa ?? `${of?.ifsc} ${of?.account}`}: ${status}, ${amount}`);
  }
}
