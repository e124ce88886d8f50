"""What is sent to break things: bodies, texts, addresses. Shared by the tests of this folder."""

from __future__ import annotations

# Bodies that parsers disagree about, cannot store, or drown in.
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"7",
    "half a body": b'{"data": {',
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "a name twice": b'{"data": {}, "data": {"name": "x"}}',
    "10,000 deep": b'{"data":' * 10_000 + b"1" + b"}" * 10_000,
    "10,000 lists deep": b"[" * 10_000,
    "a number without end": b'{"data": {"temperature": 1e400}}',
    "a number of 5,000 digits": b'{"version": ' + b"9" * 5_000 + b"}",
    "NaN": b'{"data": {"temperature": NaN}}',
    "half a surrogate pair": b'{"data": {"name": "\\ud800"}}',
    "NUL": b'{"data": {"name": "a\\u0000b"}}',
    "NUL in a name": b'{"data": {"a\\u0000b": 1}}',
    "prototype": b'{"__proto__": {"x": 1}, "constructor": {"prototype": {}}}',
    "unknown fields": b'{"id": "1", "pk": 1, "workspace_id": "1", "is_active": true}',
    "code": b"@exec('import os')\ndef f(): pass",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "a pickle": b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94.",
}
MEDIA_TYPES = (
    "application/json",
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/x-yaml",
    "nonsense",
    "",
)

# What is sent where a text is expected.
NO_TEXTS: tuple[object, ...] = (
    {"$ne": ""},
    {"": {"": {}}},
    [],
    [["x"]],
    ["x", None],
    0,
    -1,
    10**30,
    1.5,
    True,
    None,
    "x" * 1_000_000,
    "",
    "\u202e\u200b\ufeff",
    "%00",
    "'; select pg_sleep(5); --",
)

# As forms: what a browser never sends.
FORMS: tuple[tuple[str, bytes], ...] = (
    ("application/x-www-form-urlencoded", b"name=%00"),
    ("application/x-www-form-urlencoded", b"name=%ff%fe"),
    ("application/x-www-form-urlencoded", b"name=%ED%A0%80"),
    ("application/x-www-form-urlencoded", b"name=" + b"a" * 200_000),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3_000))),
    ("application/x-www-form-urlencoded", b"a.b.c.d.e.f=1&a.b=2&a=3&..=4&.=5&a..b=6"),
    ("application/x-www-form-urlencoded", b"__proto__.x=1&constructor=2&_op=x&_list=x&_key=%00"),
    ("application/x-www-form-urlencoded", b"_op=move&_item=-1&_to=99999999999999999999"),
    ("application/x-www-form-urlencoded", b"_op=add&list=..&name=%00"),
    (
        "application/x-www-form-urlencoded",
        b"max_tokens=" + b"9" * 30 + b"&temperature=1e400&memory.max_messages=NaN&name[]=1",
    ),
    ("application/x-www-form-urlencoded", b"next=//evil.test&_next=https://evil.test"),
    ("application/x-www-form-urlencoded", b"next=a%0d%0aX-Evil:1&_next=javascript:alert(1)"),
    ("application/x-www-form-urlencoded", b"version=-1&version=x&patch_id=x"),
    ("application/x-www-form-urlencoded", b"version=99999999999999999999999"),
    ("multipart/form-data; boundary=x", b"--x\r\nnot a part"),
    ("multipart/form-data; boundary=x", b""),
    ("multipart/form-data", b"--x--"),
    (
        "multipart/form-data; boundary=x",
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../etc/x\x00"\r\n'
            b"Content-Type: application/json\r\n\r\n[[[[\r\n--x--\r\n"
        ),
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n'
        b"Content-Type: application/json\r\n\r\n" + b'{"a":' * 10_000 + b"\r\n--x--\r\n",
    ),
    ("application/json", b'{"name": "x"}'),
    ("application/json", b"["),
)

# What some template engine, shell or language would run.
CODE: tuple[str, ...] = (
    *("{{7*7}}", "{{ 7*7 }}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% for x in y %}49{% endfor %}"),
    *("{{this.constructor.constructor('return 7*7')()}}", "{{constructor}}", "{{__proto__}}"),
    *("{{x.__class__.__mro__}}", "{{''.__class__}}", "{{self.__init__.__globals__}}"),
    *("{{config}}", "{{request.application}}", "{{cycler.__init__.__globals__.os}}"),
    *("{{lipsum.__globals__}}", "{{visitor_name.__class__}}", "{{visitor_name|upper}}"),
    *("{{visitor_name['__class__']}}", "{{visitor_name[0]}}", "{{ visitor_name . __class__ }}"),
    *("{0.__class__}", "{visitor_name.__class__}", "{visitor_name!r}", "{visitor_name:>10000000}"),
    *("{}", "{0}", "{{", "}}", "{{{{visitor_name}}}}", "%(visitor_name)s", "%s", "%1000000000d"),
    *("$visitor_name", "${visitor_name}", "${SECRET_KEY}", "{{env.SECRET_KEY}}", "{{credential}}"),
    *("{{credential.token}}", "{{secrets.api_key}}", "{{settings.SECRET_KEY}}", "%(SECRET_KEY)s"),
    *("{% load static %}{% debug %}", "{% include '/etc/passwd' %}", "{% extends 'base.html' %}"),
    *("{# comment #}", "[[7*7]]", "[% 7*7 %]", "<#assign x=7*7>", "#set($x=7*7)", "*{7*7}"),
    *("__import__('os').system('x')", "@exec('import os')\ndef f(): pass", "eval('7*7')"),
    *("`id`", "$(id)", "; id", "| id", "&& id", "\n import os", "'+__import__('os')+'"),
    *("(()=>{return process.env})()", "import/**/('fs')", "im\\u0070ort('fs')", "tag`x`"),
    *(
        "{a: (()=>{throw 1})()}",
        "\uff49\uff4d\uff50\uff4f\uff52\uff54('fs')",
        "im\u200bport('fs')",
        "{\u200b{7*7}}",
    ),
    *("{{7*7", "7*7}}", "{{\n7*7\n}}", "{{/*x*/7*7}}", "{{'a'*1000000000}}", "{{1/0}}"),
    *("{{ visitor_name | default:'x' }}", "{{constructor.name}}", "{{prototype}}", "{{a.b.c.d}}"),
    *("*" * 1_000, "{{" * 500, "\\" * 500, "(a+)+$", "a" * 5_000 + "!"),
)

# What would end up in SQL.
SQL: tuple[str, ...] = (
    *("'", '"', "\\", "%", "_", "%%", "';--", "' OR '1'='1", "\x00", "a\x00b"),
    *("'; select pg_sleep(5); --", "1;select pg_sleep(5)", "(case when 1=1 then id else name end)"),
    *("id;drop table workspaces_user", "-created_at", "workspace__name", "%s%s%s", "{}", "$ne"),
    *("\ud800", "\u202e", "x" * 10_000, "[]", "null", "NaN", "1e400", "-1", "9" * 40),
    *("2026-13-45", "0001-01-01", "9999-12-31", "10000-01-01"),
)

# Spellings of this machine, of private networks and of clouds' metadata.
INSIDE: tuple[str, ...] = (
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0"),
    *("0.0.0.0", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]"),
    *("[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fec0::1]"),
    *("[fd00:ec2::254]", "[ff02::1]", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1"),
    *("169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1"),
    *("224.0.0.1", "255.255.255.255", "192.0.2.1", "[2001:db8::1]"),
)
# Addresses that two parsers read differently, or that run instead of lead.
NO_ADDRESSES: tuple[str, ...] = (
    r"http://127.0.0.1\@8.8.8.8/",
    "http://user:secret@models.example.com/v1",
    "http://user@models.example.com/v1",
    "https://models.example.com@evil.test/",
    "http://models.example.com#@evil.test\\x",
    "http://models.example.com\t.evil.test/",
    "http://models.example.com\n.evil.test/",
    "http://models example.com/",
    "http://[::1/",
    "http://models.example.com:99999/",
    "http://models.example.com:x/",
    "file:///etc/passwd",
    "ftp://models.example.com/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:6379/info",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://",
    "http:///v1",
    "https://",
    "://models.example.com",
    "\u0000http://models.example.com",
)
