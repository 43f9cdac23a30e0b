#!lua flags=no-writes
-- Reads a sealed authenticator secret, active or waiting for its first code, and the only clock that judges its codes.
-- KEYS: totp
-- ARGV: none
-- Returns: ok(nowMs, sealed) - '' when there is none
-- include ../../platform/redis/lua/_time.lua

return { 'ok', now_ms(), redis.call('HGET', KEY.totp, 'secret') or '' }
