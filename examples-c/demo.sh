#!/bin/sh
# demo.sh [DEMO_SERVER [GET_TOKEN]]: runs get_token against a server that is started here and stopped again. `make demo` builds both first.
# DEMO_WRAPPER is a command to run get_token under, such as `valgrind -q`.
set -eu

say() {
    printf '\n%s\n' "$*"
}

fail() {
    printf '\n%s\n' "The demo failed: $*" >&2
    exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
demo_server=${1:-$here/../target/debug/examples/demo_server}
get_token=${2:-$here/build/demo/get_token}
for program in "$get_token" "$demo_server"; do
    [ -x "$program" ] || fail "$program is missing; 'make -C $here demo' builds it."
done

# Settings for another provider must not reach the demo.
for name in $(env | sed -n 's/^\(OAUTH_[A-Z0-9_]*\)=.*/\1/p'); do
    unset "$name"
done

server=
work=$(mktemp -d)
stop() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

say "1. An authorization server starts on this machine. It ends with the demo."
# The server ends when its input does, so that it cannot outlive this script in any case.
mkfifo "$work/input"
"$demo_server" "$work" <"$work/input" &
server=$!
exec 3>"$work/input"
attempts=0
until [ -f "$work/environment" ]; do
    kill -0 "$server" 2>/dev/null || fail "the server did not start."
    attempts=$((attempts + 1))
    [ "$attempts" -le 100 ] || fail "the server was not ready in time."
    sleep 0.1 2>/dev/null || sleep 1
done
. "$work/environment"
echo "   Its token URL is $OAUTH_TOKEN_URL"

token_requests() {
    "$demo_server" get "$DEMO_REQUESTS_URL" </dev/null
}

say "2. get_token reads its settings from the environment and asks for a token, twice:"
requests_before=$(token_requests)
# A command and its arguments, so not quoted.
# shellcheck disable=SC2086
header=$(${DEMO_WRAPPER:-} "$get_token") || fail "get_token got no token."
requests=$(($(token_requests) - requests_before))
echo "   $header"

say "3. For those two calls the server received this many requests: $requests"
[ "$requests" -eq 1 ] || fail "it should have been 1, with the second call answered from the cache."

say "4. An API that demands a token accepts this one and answers:"
printf '%s\n' "$header" | "$demo_server" get "$DEMO_API_URL" || fail "the API refused the token."

say "5. With a wrong secret there is no token, and get_token says why:"
status=0
# shellcheck disable=SC2086
OAUTH_CLIENT_SECRET=not-the-secret ${DEMO_WRAPPER:-} "$get_token" >"$work/output" 2>"$work/message" || status=$?
cat "$work/message"
[ "$status" -eq 1 ] || fail "get_token should have exited with 1, not $status."
[ ! -s "$work/output" ] || fail "get_token should have printed no header."
grep -q invalid_client "$work/message" || fail "the message should have named the error, invalid_client."

say "All of it went as it should. For a provider of your own, set OAUTH_TOKEN_URL, OAUTH_CLIENT_ID
and OAUTH_CLIENT_SECRET, and run: $get_token"
