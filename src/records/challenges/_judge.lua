-- include ./_code.lua
-- include ../passkeys/_passkey.lua
-- Judges what was typed into an attempt of an account, whatever the attempt is for. Writes only what a wrong one costs.
-- ARG.proof by method: email and sms: the typed code's MACs; totp: the matching time step or ''; recovery_code: its hash; passkey: its use.
-- Returns nil when it is right (and it can never be right again), else gone | locked(waitMs or -1) | expired
-- | wrong(attemptsLeft, isBudgetSpent), where isBudgetSpent says that it was the last guess that the account had for now.
-- A passkey is refused with invalid | cloned: nobody can guess a signature, so nothing is counted.
local function judge(KEY, ARG, now)
  local tag = string.sub(KEY.account, 1, -#'account' - 1)
  local attempt = redis.call('HMGET', KEY.attempt,
    'purpose', 'wrong', 'credentialVersion', 'addressTag', 'channel', 'codeMac', 'codeExpiresAt')
  local state = redis.call('HMGET', KEY.account, 'status', 'credentialVersion', 'emailCode', 'totp', 'passkeys')
  if attempt[1] ~= ARG.purpose or tonumber(attempt[2]) >= ARG.mostWrong then return { 'gone' } end
  if ARG.addressTag and ARG.addressTag ~= attempt[4] then return { 'gone' } end
  if state[1] ~= 'active' or state[2] ~= attempt[3] then return { 'gone' } end

  local right = false
  if ARG.method == 'passkey' then
    local refused = use_passkey(KEY.account, ARG.proof, now)
    if refused then return { refused } end
    right = true
  else
    local wait = guess_wait(KEY.account, KEY.failures, now, ARG.dailyFailures, ARG.lockAfter)
    if wait ~= 0 then return { 'locked', wait } end
  end
  if ARG.method == 'totp' then
    local last = tonumber(redis.call('HGET', tag .. 'totp', 'lastStep') or '-1')
    right = last >= 0 and ARG.proof ~= '' and tonumber(ARG.proof) > last
    if right then redis.call('HSET', tag .. 'totp', 'lastStep', ARG.proof) end
  elseif ARG.method == 'recovery_code' then
    right = redis.call('SREM', tag .. 'recovery', ARG.proof) == 1
  elseif ARG.method ~= 'passkey' then
    local expires_at = tonumber(attempt[7] or '0')
    if expires_at > 0 and expires_at <= now then return { 'expired' } end
    -- Where the e-mailed code was switched off it proves nothing; a code to a new address (another purpose) still does.
    local is_off = ARG.method == 'email' and state[3] == '0' and (state[4] or state[5]) and (ARG.purpose == 'login' or ARG.purpose == 'reauth')
    right = not is_off and attempt[5] == ARG.method and is_right(attempt[6], ARG.proof)
  end
  if right then
    redis.call('DEL', KEY.attempt)
    redis.call('ZREM', tag .. 'attempts', ARG.attemptId)
    redis.call('HDEL', KEY.account, 'wrongInRow')
    return nil
  end
  local wrong = redis.call('HINCRBY', KEY.attempt, 'wrong', 1)
  local in_a_row = redis.call('HINCRBY', KEY.account, 'wrongInRow', 1)
  count_moment(KEY.failures, now, ARG.attemptId .. ':' .. wrong .. ':' .. in_a_row)
  local is_spent = guess_wait(KEY.account, KEY.failures, now, ARG.dailyFailures, ARG.lockAfter) ~= 0
  return { 'wrong', ARG.mostWrong - wrong, is_spent }
end
