#!lua
-- Writes an event that changed nothing of the account, such as a wrong password, into its log. For nobody it writes to a decoy: Redis
-- syncs a write to disk before it answers, and that time must not tell the two cases apart. For an account that is gone it writes nothing.
-- KEYS: account
-- ARGV: actor, event, result, factor
-- Returns: ok
-- include ../../platform/redis/lua/_time.lua
-- include ./_activity.lua

if redis.call('EXISTS', KEY.account) == 1 then
  record_activity(KEY.account, now_ms(), ARG.actor, ARG.event, ARG.result, ARG.factor)
elseif string.find(KEY.account, '{u:nobody}', 1, true) then
  local decoy = string.sub(KEY.account, 1, -#'account' - 1) .. 'decoy'
  redis.call('XADD', decoy, 'MAXLEN', '=', 1, '*', 'event', 'none')
  redis.call('XTRIM', decoy, 'MINID', '=', now_ms() - ACTIVITY_LIFE_MS)
  redis.call('PEXPIRE', decoy, 60000)
end
return { 'ok' }
