-- Books the use of a passkey whose signature was right; `proof` is what passkey.ts packs: id, counter, whether it is synced now, public key.
-- A key that exists once counts its uses, if it counts at all: one whose count does not grow was copied. Synced ones count as they please.
-- Returns nil, or a refusal: invalid - removed or replaced meanwhile | cloned
local function use_passkey(account, proof, now)
  local passkeys = string.sub(account, 1, -#'account' - 1) .. 'passkeys'
  local id, count, is_synced, public_key = string.match(proof, '^(%S+) (%d+) ([01]) (%S+)$')
  local stored = id and redis.call('HGET', passkeys, id)
  if not stored then return 'invalid' end
  local passkey = cjson.decode(stored)
  if passkey.publicKey ~= public_key then return 'invalid' end
  local counter = tonumber(count)
  if not passkey.canSync and (counter > 0 or passkey.counter > 0) and counter <= passkey.counter then return 'cloned' end
  passkey.counter = counter
  passkey.isSynced = is_synced == '1'
  passkey.lastUsedAt = now
  redis.call('HSET', passkeys, id, cjson.encode(passkey))
  return nil
end
