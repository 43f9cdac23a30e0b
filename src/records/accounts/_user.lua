-- What the API shows of an account, in the order that account.ts reads.
local function user_of(account)
  return redis.call('HMGET', account, 'email', 'name', 'role', 'status', 'locale', 'twoFactor', 'createdAt', 'emailCode', 'totp', 'phone')
end
