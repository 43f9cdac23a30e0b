-- What the API shows of an account, in the order that src/records/accounts/account.ts reads.
local function user_of(account)
  return redis.call('HMGET', account, 'email', 'name', 'role', 'status', 'locale', 'twoFactor', 'createdAt', 'emailCode', 'totp', 'phone')
end

local DEVICES_PER_ACCOUNT = 50
local DEVICE_LIFE_MS = 365 * 86400000

-- args: sid, most sessions, idle ms, absolute ms, amr, ip, device text, hash of the device cookie that came ('' = none), hash of the
--       new one, 1 when this sign-in counts as a fresh proof (not by a trusted device).
-- Returns 1 when the device was known to this account, else 0.
local function open_session(session, sessions, devices, now, args)
  local sid, most, idle, absolute = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  redis.call('ZREMRANGEBYSCORE', sessions, '-inf', now - absolute)
  local tag = string.sub(session, 1, #session - #sid)
  if redis.call('ZCARD', sessions) >= most then
    -- What ran out by itself still stands in the index, and no living session may end for it.
    for _, old in ipairs(redis.call('ZRANGE', sessions, 0, -1)) do
      if redis.call('EXISTS', tag .. old) == 0 then redis.call('ZREM', sessions, old) end
    end
  end
  local excess = redis.call('ZCARD', sessions) - most + 1
  if excess > 0 then
    for _, old in ipairs(redis.call('ZRANGE', sessions, 0, excess - 1)) do
      redis.call('DEL', tag .. old)
      redis.call('ZREM', sessions, old)
    end
  end
  redis.call('HSET', session, 'gen', 1, 'turnedAt', now, 'createdAt', now, 'authAt', now, 'recentAt', args[10] == '1' and now or 0, 'amr', args[5], 'ip', args[6], 'device', args[7])
  redis.call('PEXPIRE', session, math.min(idle, absolute))
  redis.call('ZADD', sessions, now, sid)
  redis.call('PEXPIRE', sessions, absolute)
  local known = 0
  if args[8] ~= '' and redis.call('ZREM', devices, args[8]) == 1 then known = 1 end
  redis.call('ZREMRANGEBYSCORE', devices, '-inf', now - DEVICE_LIFE_MS)
  redis.call('ZADD', devices, now, args[9])
  redis.call('ZREMRANGEBYRANK', devices, 0, -DEVICES_PER_ACCOUNT - 1)
  redis.call('PEXPIRE', devices, DEVICE_LIFE_MS)
  return known
end
