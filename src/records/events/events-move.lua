#!lua
-- Writes what was in an account's outbox into the log, once each, and forgets the changes whose events these are.
-- KEYS: log, moved, announced
-- ARGV: subject, doubtMs, announcements, ...entries
-- Returns: ok
-- include ./_log.lua
-- include ../../platform/redis/lua/_time.lua

local last = tonumber(redis.call('ZSCORE', KEY.moved, ARG.subject) or '0')
for _, entry in ipairs(ARG.entries) do
  local number, kind, data = string.match(entry, '^(%d+) (%S+) (.*)$')
  -- Another server may have moved it since it was read.
  if tonumber(number) > last then
    append_event(KEY.log, ARG.subject, kind, data, number)
    last = tonumber(number)
    redis.call('ZADD', KEY.moved, last, ARG.subject)
  end
end
redis.call('ZREMRANGEBYSCORE', KEY.moved, '-inf', (now_ms() - ARG.doubtMs) * 1000)
for announcement in string.gmatch(ARG.announcements, '%S+') do redis.call('ZREM', KEY.announced, announcement) end
return { 'ok' }
