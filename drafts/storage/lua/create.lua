-- Makes a draft, unless the workspace has as many as it may have.
-- ask: id member ending ws ttl most_drafts most_bytes most_fields most_together most_written by
--   meta{}; then pairs of path and value.
local at = now()
if redis.call('ZCOUNT', keys.index, at, '+inf') >= ask.most_drafts then return {'FULL'} end

local changes, bytes, weight, size = {}, 0, 0, 0
for i = 2, #ARGV, 2 do
  changes[#changes + 1] = {ARGV[i], false, ARGV[i + 1]}
  bytes = bytes + cost(ARGV[i], ARGV[i + 1])
  weight = weight + leaf_weight(ARGV[i], ARGV[i + 1])
  size = size + #ARGV[i] + #ARGV[i + 1]
end
if bytes > ask.most_bytes then return {'TOO_BIG'} end
if #changes > ask.most_fields then return {'TOO_MANY'} end
local wait = wait_to_write(size)
if wait then return {'TOO_OFTEN', wait} end
local room, recounted = room_for(weight, at)
if weight > room then return {'NO_ROOM'} end
local forgotten = redis.call(
  'ZRANGEBYSCORE', keys.index, '-inf', at - KEPT_AFTER_EXPIRY, 'LIMIT', 0, 100)

if #forgotten > 0 then
  redis.call('ZREM', keys.index, unpack(forgotten))
  redis.call('HDEL', keys.names, unpack(forgotten))
end
for name, value in pairs(ask.meta) do redis.call('HSET', keys.draft, 'm:' .. name, value) end
redis.call('HSET', keys.draft, 'm:ws', ask.ws, 'm:by', ask.by, 'm:status', 'draft', 'm:v', 1,
  'm:created', at, 'm:updated', at, 'm:bytes', bytes, 'm:fields', #changes,
  'm:undo', 0, 'm:redo', 0, 'm:first', 1, 'm:logged', 0, 'm:pruned', 0)
write_leaves(keys.draft, changes, 1, at, ask.by)
redis.call('HSET', keys.log, 'e:1', cjson.encode({by = ask.by, at = at, mode = 'create'}))
remember_name()
weigh(recounted)
note_written(size)
return {'OK', 1, at, renew(at), 0}
