#!lua
-- Turns a refresh generation (_generation). One that is used again after the grace, or is ahead of Redis, ends the session.
-- KEYS: session, account, sessions. ARGV: generation, grace ms, idle ms, absolute ms, sid, trace, epoch.
-- Returns { 'ok', generation, ms the session lives on, authAt, amr, user } | { 'ended' } | { 'reused' | 'ahead', user }.
-- include _time
-- include _session
-- include _activity
-- include _generation

local now = now_ms()
local presented = tonumber(ARGV[1])
local session = redis.call('HMGET', KEYS[1], 'gen', 'turnedAt', 'createdAt', 'authAt', 'amr')
if not session[1] then return { 'ended' } end
local current, turned_at, created_at = tonumber(session[1]), tonumber(session[2]), tonumber(session[3])
local idle, absolute = tonumber(ARGV[3]), tonumber(ARGV[4])

local function finish(word, ...)
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[3], ARGV[5])
  return { word, ... }
end

if redis.call('HGET', KEYS[2], 'status') ~= 'active' then return finish('ended') end
if now >= turned_at + idle or now >= created_at + absolute or created_at < tonumber(ARGV[7]) then return finish('ended') end
local verdict = judge_generation(presented, current, turned_at, now, tonumber(ARGV[2]))
if verdict == 'ahead' or verdict == 'reused' then
  tell(KEYS[2], now, ARGV[6], 'refresh', verdict)
  return finish(verdict, user_of(KEYS[2]))
end

if verdict == 'turn' then
  current = current + 1
  turned_at = now
  redis.call('HSET', KEYS[1], 'gen', current, 'turnedAt', now, 'ip', string.match(ARGV[6], '^[^\t]*'))
  redis.call('PEXPIREAT', KEYS[1], math.min(now + idle, created_at + absolute))
end
local lives_on = math.min(turned_at + idle, created_at + absolute) - now
return { 'ok', current, lives_on, session[4], session[5], user_of(KEYS[2]) }
