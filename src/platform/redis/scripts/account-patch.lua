#!lua
-- Changes the profile and the switches of the second step in one go.
-- KEYS: account, session. ARGV: trace, sid, name, locale, two-factor, e-mail code, 1 when a second step is required by the operator.
--       '' = leave it. Switches: '1' on, '0' off.
-- Returns { 'ok', 1 when the asking session lives on else 0, event, user } | { 'ended' } | { 'required' } | { 'admin' } | { 'short' } (password)
--       | { 'no-totp' }.
-- include _time
-- include _session
-- include _activity
-- include _credentials

local trace, sid, name, locale, two_factor, email_code = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local account = redis.call('HMGET', KEYS[1], 'status', 'twoFactor', 'longPassword', 'role', 'totp', 'emailCode')
local amr = redis.call('HGET', KEYS[2], 'amr')
if account[1] ~= 'active' or not amr then return { 'ended' } end
if two_factor == account[2] then two_factor = '' end
if email_code == (account[6] or '1') then email_code = '' end
if two_factor == '0' then
  if ARGV[7] == '1' then return { 'required' } end
  if account[4] == 'admin' then return { 'admin' } end
  if account[3] ~= '1' then return { 'short' } end
end
if email_code == '0' and not account[5] then return { 'no-totp' } end

local event = ''
if name ~= '' then redis.call('HSET', KEYS[1], 'name', name) event = 'profile_changed' end
if locale ~= '' then redis.call('HSET', KEYS[1], 'locale', locale) event = 'profile_changed' end
if email_code ~= '' then
  redis.call('HSET', KEYS[1], 'emailCode', email_code)
  event = email_code == '1' and 'email_code_on' or 'email_code_off'
end
if two_factor ~= '' then
  redis.call('HSET', KEYS[1], 'twoFactor', two_factor)
  event = two_factor == '1' and 'two_factor_on' or 'two_factor_off'
end
local lives_on = 1
if two_factor ~= '' or email_code ~= '' then
  -- A session that was opened by the password alone cannot outlive the moment from which more is asked.
  if two_factor == '1' and not string.find(amr, 'otp', 1, true) and not string.find(amr, 'device', 1, true) then lives_on = 0 end
  end_all_but(KEYS[1], lives_on == 1 and sid or '')
end
if event ~= '' then tell(KEYS[1], now_ms(), trace, event, 'ok') end
return { 'ok', lives_on, event, user_of(KEYS[1]) }
