-- Marks a session as proven now. `auth_time` of a token counts whole seconds, so a proof takes a second that no token of this session
-- has yet: one from before must not pass for one made after it. Not where the clock was set back: that second is far ahead.
local function mark_proven(session, now)
  local free = (math.floor(tonumber(redis.call('HGET', session, 'authAt')) / 1000) + 1) * 1000
  local at = now
  if free > now and free - now < 10000 then at = free end
  redis.call('HSET', session, 'authAt', at, 'recentAt', at)
  redis.call('HDEL', session, 'wrongCodes', 'wrongPasswords')
  return at
end
