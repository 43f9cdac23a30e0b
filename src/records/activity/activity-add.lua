#!lua
-- Writes an event that changed nothing of the account, such as a wrong password, into its log. Where there is no account it writes
-- to a decoy: Redis syncs a write to disk before it answers, and that time must not tell the two cases apart.
-- KEYS: account
-- ARGV: actor, event, result, factor
-- Returns: ok
-- include ../../platform/redis/lua/_time.lua
-- include ./_activity.lua

if redis.call('EXISTS', KEY.account) == 1 then
  record_activity(KEY.account, now_ms(), ARG.actor, ARG.event, ARG.result, ARG.factor)
else
  local decoy = string.sub(KEY.account, 1, -#'account' - 1) .. 'decoy'
  redis.call('XADD', decoy, 'MAXLEN', '=', 1, '*', 'event', 'none')
  redis.call('XTRIM', decoy, 'MINID', '=', now_ms() - ACTIVITY_LIFE_MS)
  redis.call('PEXPIRE', decoy, 60000)
end
return { 'ok' }
