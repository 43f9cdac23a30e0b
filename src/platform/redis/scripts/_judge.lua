-- Judges what was typed into an attempt of an account, whatever the attempt is for. Writes only what a wrong one costs.
-- args: address tag the attempt must have ('' = any), purpose, method, proof, wrong ones per attempt, wrong ones per day, lock
--       after, attempt id. Proof by method: email and sms: the typed code's MACs; totp: the matching time step or ''; recovery_code: its hash.
-- Returns nil when it is right (and it can never be right again), else { 'gone' } | { 'locked', ms or -1 } | { 'expired' }
-- | { 'wrong', left, 1 when it was the last that the account had for now else 0 }.
local function judge(account, attempt_key, failures, now, args)
  local method, proof, most = args[3], args[4], tonumber(args[5])
  local tag = string.sub(account, 1, -#'account' - 1)
  local attempt = redis.call('HMGET', attempt_key, 'purpose', 'wrong', 'credentialVersion', 'addressTag', 'channel', 'codeMac', 'codeExpiresAt')
  local state = redis.call('HMGET', account, 'status', 'credentialVersion', 'emailCode', 'totp')
  if attempt[1] ~= args[2] or tonumber(attempt[2]) >= most then return { 'gone' } end
  if args[1] ~= '' and args[1] ~= attempt[4] then return { 'gone' } end
  if state[1] ~= 'active' or state[2] ~= attempt[3] then return { 'gone' } end
  local wait = guess_wait(account, failures, now, tonumber(args[6]), tonumber(args[7]))
  if wait ~= 0 then return { 'locked', wait } end

  local right = false
  if method == 'totp' then
    local last = tonumber(redis.call('HGET', tag .. 'totp', 'lastStep') or '-1')
    right = last >= 0 and proof ~= '' and tonumber(proof) > last
    if right then redis.call('HSET', tag .. 'totp', 'lastStep', proof) end
  elseif method == 'recovery_code' then
    right = redis.call('SREM', tag .. 'recovery', proof) == 1
  else
    local expires_at = tonumber(attempt[7] or '0')
    if expires_at > 0 and expires_at <= now then return { 'expired' } end
    -- Where the e-mailed code was switched off it proves nothing; a code to a new address (another purpose) still does.
    local is_off = method == 'email' and state[3] == '0' and state[4] and (args[2] == 'login' or args[2] == 'reauth')
    right = not is_off and attempt[5] == method and is_right(attempt[6], proof)
  end
  if right then
    redis.call('DEL', attempt_key)
    redis.call('ZREM', tag .. 'attempts', args[8])
    redis.call('HDEL', account, 'wrongInRow')
    return nil
  end
  local wrong = redis.call('HINCRBY', attempt_key, 'wrong', 1)
  local in_a_row = redis.call('HINCRBY', account, 'wrongInRow', 1)
  count_moment(failures, now, args[8] .. ':' .. wrong .. ':' .. in_a_row)
  local is_spent = guess_wait(account, failures, now, tonumber(args[6]), tonumber(args[7])) ~= 0
  return { 'wrong', most - wrong, is_spent and 1 or 0 }
end
