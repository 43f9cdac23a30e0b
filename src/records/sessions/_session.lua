-- include ../activity/_activity.lua
-- include ../events/_events.lua
local DEVICES_PER_ACCOUNT = 50
local DEVICE_LIFE_MS = 365 * 86400000

-- Opens the session of a draft, and makes room for it. Returns whether the device was known to this account.
local function open_session(KEY, ARG, now)
  local ip, device = read_actor(ARG.actor)
  redis.call('ZREMRANGEBYSCORE', KEY.sessions, '-inf', now - ARG.absoluteMs)
  local tag = string.sub(KEY.session, 1, #KEY.session - #ARG.sid)
  if redis.call('ZCARD', KEY.sessions) >= ARG.mostSessions then
    -- What ran out by itself still stands in the index, and no living session may end for it.
    for _, old in ipairs(redis.call('ZRANGE', KEY.sessions, 0, -1)) do
      if redis.call('EXISTS', tag .. old) == 0 then redis.call('ZREM', KEY.sessions, old) end
    end
  end
  local excess = redis.call('ZCARD', KEY.sessions) - ARG.mostSessions + 1
  if excess > 0 then
    for _, old in ipairs(redis.call('ZRANGE', KEY.sessions, 0, excess - 1)) do
      redis.call('DEL', tag .. old)
      redis.call('ZREM', KEY.sessions, old)
      tell(KEY.account, 'session.ended', old)
    end
  end
  redis.call('HSET', KEY.session, 'gen', 1, 'turnedAt', now, 'createdAt', now, 'authAt', now, 'recentAt', ARG.isFresh and now or 0,
    'amr', ARG.amr, 'ip', ip, 'device', device)
  redis.call('PEXPIRE', KEY.session, math.min(ARG.idleMs, ARG.absoluteMs))
  redis.call('ZADD', KEY.sessions, now, ARG.sid)
  redis.call('PEXPIRE', KEY.sessions, ARG.absoluteMs)
  local is_known = ARG.oldDeviceHash ~= nil and redis.call('ZREM', KEY.devices, ARG.oldDeviceHash) == 1
  redis.call('ZREMRANGEBYSCORE', KEY.devices, '-inf', now - DEVICE_LIFE_MS)
  redis.call('ZADD', KEY.devices, now, ARG.newDeviceHash)
  redis.call('ZREMRANGEBYRANK', KEY.devices, 0, -DEVICES_PER_ACCOUNT - 1)
  redis.call('PEXPIRE', KEY.devices, DEVICE_LIFE_MS)
  -- That of whoever reads the mails of the account, kept until another sign-in says another one.
  if ARG.timeZone then redis.call('HSET', KEY.account, 'timeZone', ARG.timeZone) end
  tell(KEY.account, 'session.started', ARG.sid)
  return is_known
end
