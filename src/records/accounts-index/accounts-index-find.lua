#!lua flags=no-writes
-- Finds accounts by one list or the beginning of a word: ids with their keys, to go on from. Of an account that several words of begin
-- alike only the first is answered.
-- KEYS: index
-- ARGV: list, word, after, most
-- Returns: ok(found) - each is { id, hexKey, isRepeated }
-- include ./_tree.lua
-- include ./_index-keys.lua

local from = ARG.word and '\2' .. ARG.word or '\1' .. (ARG.list or '') .. '\0'
local to = ARG.word and from .. '\255' or '\1' .. (ARG.list or '') .. '\1'
local found = {}
-- One of another search would lead out of this one.
local after = ARG.after and from_hex(ARG.after)
if after and string.sub(after, 1, #from) ~= from then after = nil end
for _, key in ipairs(tree_range(KEY.index, from, to, after, ARG.most)) do
  local id = ARG.word and string.sub(key, -ID_BYTES - 1, -2) or string.sub(key, -ID_BYTES)
  local is_repeated = ARG.word and string.byte(key, -1) >= #ARG.word
  found[#found + 1] = { unpack_id(id), to_hex(key), is_repeated and 1 or 0 }
end
return { 'ok', found }
