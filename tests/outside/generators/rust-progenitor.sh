. "$ROOT/tests/outside/lib.sh"
about "progenitor 0.15, as \`cargo xtask regen\` runs it" Rust rust-progenitor.sh
# The program has that client in it.
needs python3
export JUSPAY_API_KEY=any-key
show='
import json, sys
for account in json.load(sys.stdin)["accounts"]:
    account = account.get("account", account)
    of = account["account_details"]
    payee = of.get("vpa") or of["ifsc"] + " " + of["account"]
    print(sys.argv[1], payee + ":", account["validation_status"] + ",", account["validation_amount"])
'
call() { "$PROGRAM" "$@" --customer-id cst_zqqmw0v4exbhvv2l --base-url "$SANDBOX_URL" --output json --unmasked; }
call validate --bank-code JP_HDFC --bank-account YESB0000262:026291800001191 --upi 9164326296@upi | python3 -c "$show" validated
call list | python3 -c "$show" listed
