#!lua
-- Signs in by a trusted device after a right password: turns its generation (_generation) and opens the session in one step.
-- One that is used again after the grace, or is ahead of Redis, is trusted no more, and opens nothing.
-- KEYS: account, trusted device, trusted devices, session, sessions, devices.
-- ARGV: credential version, device id, generation, grace ms, life ms, epoch, trace, then the arguments of open_session.
-- Returns { 'ok', device known, user, generation, ms it is trusted on } | { 'stale' } (the account changed meanwhile) | { 'unknown' } | { 'reused' } | { 'ahead' }.
-- include _time
-- include _session
-- include _activity
-- include _generation

local now = now_ms()
local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARGV[1] then return { 'stale' } end
local device = redis.call('HMGET', KEYS[2], 'gen', 'turnedAt', 'createdAt')
if not device[1] then return { 'unknown' } end
local current, turned_at, life = tonumber(device[1]), tonumber(device[2]), tonumber(ARGV[5])
local last_moment = tonumber(device[3] or '0') + life
if now >= last_moment or tonumber(device[3] or '0') < tonumber(ARGV[6]) then return { 'unknown' } end

local verdict = judge_generation(tonumber(ARGV[3]), current, turned_at, now, tonumber(ARGV[4]))
if verdict == 'reused' or verdict == 'ahead' then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[2])
  tell(KEYS[1], now, ARGV[7], verdict == 'reused' and 'trusted_device_reused' or 'trusted_device_ended', verdict, 'device')
  return { verdict }
end

if verdict == 'turn' then
  current = current + 1
  redis.call('HSET', KEYS[2], 'gen', current, 'turnedAt', now, 'ip', string.match(ARGV[7], '^[^\t]*'))
  redis.call('ZADD', KEYS[3], now, ARGV[2])
  redis.call('PEXPIRE', KEYS[3], life)
end
tell(KEYS[1], now, ARGV[7], 'login', 'ok', 'device')
return { 'ok', open_session(KEYS[4], KEYS[5], KEYS[6], now, { unpack(ARGV, 8) }), user_of(KEYS[1]), current, last_moment - now }
