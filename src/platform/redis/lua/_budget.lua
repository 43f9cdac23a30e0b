-- Rolling windows kept as sorted sets of moments.
local HOUR_MS = 3600000
local DAY_MS = 86400000

-- Milliseconds until fewer than `limit` moments lie within the last `window`; 0 when that is so now.
local function wait_for(key, now, window, limit)
  local count = redis.call('ZCOUNT', key, '(' .. (now - window), '+inf')
  if count < limit then return 0 end
  local blocking = redis.call('ZRANGEBYSCORE', key, '(' .. (now - window), '+inf', 'WITHSCORES', 'LIMIT', count - limit, 1)
  return math.max(1, tonumber(blocking[2]) + window - now)
end

local function mails_wait(key, now, per_hour, per_day)
  return math.max(wait_for(key, now, HOUR_MS, per_hour), wait_for(key, now, DAY_MS, per_day))
end

local function count_moment(key, now, unique)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - DAY_MS)
  redis.call('ZADD', key, now, now .. ':' .. unique)
  redis.call('PEXPIRE', key, DAY_MS)
end
