#!lua flags=no-writes
-- Who holds an address, and whether its budgets allow another attempt, before any work is done. Alike for known and unknown.
-- KEYS: owner, mails, failures. ARGV: mails per hour, mails per day, wrong codes per day.
-- Returns { account id or '', ms to wait for mails, ms to wait for guesses }.
-- include _time
-- include _budget

local now = now_ms()
return {
  redis.call('HGET', KEYS[1], 'accountId') or '',
  mails_wait(KEYS[2], now, tonumber(ARGV[1]), tonumber(ARGV[2])),
  wait_for(KEYS[3], now, DAY_MS, tonumber(ARGV[3]))
}
