"""What is sent to break things: bodies, texts, addresses. Shared by the tests of this folder."""

from __future__ import annotations

# AB-75: bodies that parsers disagree about, cannot store, or drown in.
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

# AB-11: what is sent where a text is expected.
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

# AB-75 for forms: what a browser never sends.
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
