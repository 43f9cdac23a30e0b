#!lua
-- Writes an event that changed nothing of the account, such as a wrong password, into its log. For nobody it writes to a decoy: Redis
-- syncs a write to disk before it answers, and that time must not tell the two cases apart. For an account that is gone it writes nothing.
-- KEYS: account
-- ARGV: actor, event, result, factor
-- Returns: ok
-- include ../../platform/redis/lua/_time.lua
-- include ./_activity.lua

-- Strangers can be wrong without end. What is wrong again within a day is told with what was wrong before, as often as it was and from
-- where it came last, so that it pushes nothing else out of the log.
local MERGED_MS = 86400000
local LOOK_BACK = 10
local now = now_ms()

local function take_wrong_passwords(stream)
  for _, entry in ipairs(redis.call('XREVRANGE', stream, '+', now - MERGED_MS, 'COUNT', LOOK_BACK)) do
    local fields = {}
    for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
    if fields.event == 'password' and fields.result == 'wrong' then
      redis.call('XDEL', stream, entry[1])
      return tonumber(fields.times or '1')
    end
  end
  return 0
end

local is_wrong = ARG.event == 'password' and ARG.result == 'wrong'
local owner = string.sub(KEY.account, 1, -#'account' - 1)
if redis.call('EXISTS', KEY.account) == 1 then
  local times = 1 + (is_wrong and take_wrong_passwords(owner .. 'activity') or 0)
  record_activity(KEY.account, now, ARG.actor, ARG.event, ARG.result, ARG.factor, times)
elseif string.find(KEY.account, '{u:nobody}', 1, true) then
  local decoy = owner .. 'decoy'
  if is_wrong then take_wrong_passwords(decoy) end
  redis.call('XADD', decoy, 'MAXLEN', '=', 1, '*', 'event', 'none')
  redis.call('XTRIM', decoy, 'MINID', '=', now - ACTIVITY_LIFE_MS)
  redis.call('PEXPIRE', decoy, 60000)
end
return { 'ok' }
