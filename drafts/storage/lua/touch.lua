-- Lets a draft live for another ttl. ask: member ending ws ttl
if redis.call('HGET', keys.draft, 'm:ws') ~= ask.ws then return {'GONE'} end
return {'OK', renew(now())}
