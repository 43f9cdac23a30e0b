#!lua flags=no-writes
-- Tells who holds an address, and whether its budgets allow another attempt, before any work is done. Alike for known and unknown.
-- KEYS: owner, mails, failures
-- ARGV: mailsPerHour, mailsPerDay, dailyFailures
-- Returns: ok(accountId, mailsWaitMs, guessWaitMs) - '' for an address that nobody holds
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_budget.lua

local now = now_ms()
return {
  'ok',
  redis.call('HGET', KEY.owner, 'accountId') or '',
  mails_wait(KEY.mails, now, ARG.mailsPerHour, ARG.mailsPerDay),
  wait_for(KEY.failures, now, DAY_MS, ARG.dailyFailures)
}
