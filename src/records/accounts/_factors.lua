-- Whether an account can go without the mailed code: an authenticator comes with recovery codes, and a passkey can be lost, so one alone does
-- not do.
local function stands_without_mail(account, totp, passkeys)
  if totp then return true end
  local count = tonumber(passkeys or '0')
  if count ~= 1 then return count > 1 end
  return redis.call('SCARD', string.sub(account, 1, -#'account' - 1) .. 'recovery') > 0
end
