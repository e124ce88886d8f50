-- Locks a draft for deploying, at the version that was looked at. ask: id member ending ws ttl version token
local meta = redis.call('HMGET', keys.draft, 'm:ws', 'm:status', 'm:v')
if meta[1] ~= ask.ws then return {'GONE'} end
if meta[2] ~= 'draft' and meta[2] ~= 'failed' then return {'LOCKED'} end
if tonumber(meta[3]) ~= ask.version then return {'STALE', tonumber(meta[3])} end
local at = now()

redis.call('HSET', keys.draft, 'm:status', 'deploying', 'm:token', ask.token)
redis.call('ZADD', keys.frozen, at, ask.member)
renew(at)
publish(ask.id, {version = ask.version, status = 'deploying'})
return {'OK', ask.version}
