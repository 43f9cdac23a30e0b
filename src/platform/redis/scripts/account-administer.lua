#!lua
-- Changes role or status, or lifts the lock of the code step. Role and status are credentials: everything of the account ends.
-- KEYS: account, failures. ARGV: role, status ('' = leave), 1 to lift locks, trace with the acting admin.
-- Returns { 'ok', event ('' = nothing changed), user } | { 'gone' }.
-- include _time
-- include _session
-- include _activity
-- include _credentials

local role, status = ARGV[1], ARGV[2]
local account = redis.call('HMGET', KEYS[1], 'role', 'status')
if not account[1] then return { 'gone' } end
if role == account[1] then role = '' end
if status == account[2] then status = '' end

local event = ''
if ARGV[3] == '1' then
  redis.call('HDEL', KEYS[1], 'wrongInRow')
  redis.call('DEL', KEYS[2])
  event = 'locks_lifted'
end
if status ~= '' then
  redis.call('HSET', KEYS[1], 'status', status)
  event = status == 'active' and 'account_enabled' or 'account_disabled'
end
if role ~= '' then
  redis.call('HSET', KEYS[1], 'role', role)
  -- An admin has a second step, always.
  if role == 'admin' then redis.call('HSET', KEYS[1], 'twoFactor', 1) end
  event = 'role_changed'
end
if role ~= '' or status ~= '' then end_all_but(KEYS[1], '') end
if event ~= '' then tell(KEYS[1], now_ms(), ARGV[4], event, 'ok', role) end
return { 'ok', event, user_of(KEYS[1]) }
