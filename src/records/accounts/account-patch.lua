#!lua
-- Changes the profile and the switches of the second step in one go; what is not given stays as it is.
-- KEYS: account, session
-- ARGV: actor, sid, name, locale, isTwoFactorEnabled, isEmailCodeEnabled, isTwoFactorRequired
-- Returns: ok(livesOn, event, user) - livesOn: the asking session goes on | ended | required | admin | short - the password
--          | only - nothing else would remain
-- include ../../platform/redis/lua/_time.lua
-- include ./_user.lua
-- include ./_amr.lua
-- include ../activity/_activity.lua
-- include ./_credentials.lua
-- include ./_factors.lua

local account = redis.call('HMGET', KEY.account,
  'status', 'twoFactor', 'longPassword', 'role', 'totp', 'emailCode', 'passkeys', 'name', 'locale')
local amr = redis.call('HGET', KEY.session, 'amr')
if account[1] ~= 'active' or not amr then return { 'ended' } end
local two_factor, email_code = ARG.isTwoFactorEnabled, ARG.isEmailCodeEnabled
if two_factor == (account[2] == '1') then two_factor = nil end
if email_code == (account[6] ~= '0') then email_code = nil end
if two_factor == false then
  if ARG.isTwoFactorRequired then return { 'required' } end
  if account[4] == 'admin' then return { 'admin' } end
  if account[3] ~= '1' then return { 'short' } end
end
if email_code == false and not stands_without_mail(KEY.account, account[5], account[7]) then return { 'only' } end

local event, changed = '', {}
if ARG.name then redis.call('HSET', KEY.account, 'name', ARG.name) event = 'profile_changed' end
if ARG.locale then redis.call('HSET', KEY.account, 'locale', ARG.locale) event = 'profile_changed' end
if email_code ~= nil then
  redis.call('HSET', KEY.account, 'emailCode', email_code and 1 or 0)
  event = email_code and 'email_code_on' or 'email_code_off'
end
if two_factor ~= nil then
  redis.call('HSET', KEY.account, 'twoFactor', two_factor and 1 or 0)
  event = two_factor and 'two_factor_on' or 'two_factor_off'
end
if ARG.name and ARG.name ~= account[8] then changed[#changed + 1] = 'name' end
if ARG.locale and ARG.locale ~= account[9] then changed[#changed + 1] = 'locale' end
if email_code ~= nil then changed[#changed + 1] = 'secondFactors' end
if two_factor ~= nil then changed[#changed + 1] = 'isTwoFactorEnabled' end
tell_changed(KEY.account, unpack(changed))
local lives_on = true
if two_factor ~= nil or email_code ~= nil then
  -- A session that was opened by the password alone cannot outlive the moment from which more is asked.
  lives_on = not two_factor or has_second_factor(amr)
  end_all_but(KEY.account, lives_on and ARG.sid)
end
record_activity(KEY.account, now_ms(), ARG.actor, event, 'ok')
return { 'ok', lives_on, event, user_of(KEY.account) }
