#!lua flags=no-writes
-- A sealed authenticator secret, active or waiting for its first code, and the only clock that judges its codes.
-- KEYS: totp or totp-pending. Returns { 'ok', now, sealed secret or '' }.
-- include _time

return { 'ok', now_ms(), redis.call('HGET', KEYS[1], 'secret') or '' }
