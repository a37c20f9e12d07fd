-- A record as version 1 of its shape left it in the middle of a day; everybody in it is invented.

-- What is known of a visit for good: nothing personal, only what binds its numbers.
create table visit (
    visit_id     text primary key,
    state        text not null check (state in ('committed', 'pending', 'registered')),
    reason       text,
    site_number  text,
    people_ahead integer,
    wait_minutes integer,
    check ((state = 'registered') = (site_number is not null))
) strict;

-- What the site shall hear, in the order it happened. `body` and `lane` are personal and go with delivery.
create table outbox (
    sequence             integer primary key,
    place                integer not null, -- in its lane: its own sequence, or that of the event it supersedes
    event_id             text not null unique,
    kiosk_id             text not null,
    kind                 text not null check (kind in ('register_visit', 'bind_pending_number')),
    visit_id             text not null references visit (visit_id),
    device_time          text not null,
    server_time_offset_s real,
    schema_version       integer not null,
    body_sha256          text not null,
    supersedes           text unique references outbox (event_id),
    state                text not null check (state in ('waiting', 'delivered', 'parked', 'superseded')),
    code                 text,
    lane                 text,
    body                 blob,
    check ((state in ('waiting', 'parked')) = (body is not null)),
    check ((body is null) = (lane is null))
) strict;
create index outbox_undelivered on outbox (lane, place) where body is not null;

create trigger an_event_is_immutable
before update of sequence, place, event_id, kiosk_id, kind, visit_id, device_time, server_time_offset_s,
                 schema_version, body_sha256, supersedes on outbox
begin
    select raise(abort, 'an event is immutable');
end;

create trigger a_body_may_only_go
before update of body, lane on outbox
when (new.body is not null and new.body is not old.body) or (new.lane is not null and new.lane is not old.lane)
begin
    select raise(abort, 'an event is immutable');
end;

create trigger no_event_is_deleted before delete on outbox
begin
    select raise(abort, 'events are never deleted');
end;

create trigger no_visit_is_deleted before delete on visit
begin
    select raise(abort, 'visits are never deleted');
end;

-- Queue numbers the site has leased to this kiosk for the hours it is away; each serves one visit, once.
create table leased_number (
    position integer primary key,
    number   text not null unique,
    visit_id text unique references visit (visit_id)
) strict;

-- The departments as the site last named them.
create table department_cache (
    id         integer primary key check (id = 1),
    fetched_at text not null,
    body       text not null
) strict;

-- registered; committed and waiting; pending, with its number's event behind it; set aside; said anew after a 412
insert into visit values ('00000000-0000-7000-8000-000000000001', 'registered', null, 'A013', 12, 72);
insert into visit values ('00000000-0000-7000-8000-000000000002', 'committed', null, null, null, null);
insert into visit values ('00000000-0000-7000-8000-000000000003', 'pending', 'site_unreachable', null, null, null);
insert into visit values ('00000000-0000-7000-8000-000000000004', 'committed', null, null, null, null);
insert into visit values ('00000000-0000-7000-8000-000000000005', 'committed', null, null, null, null);

insert into outbox values (1, 1, '00000000-0000-7000-9000-000000000001', 'kiosk-test', 'register_visit',
    '00000000-0000-7000-8000-000000000001',
    '2026-11-25T01:00:00+00:00', -2.5, 1, 'aa', null, 'delivered', null, null, null);
insert into outbox values (2, 2, '00000000-0000-7000-9000-000000000002', 'kiosk-test', 'register_visit',
    '00000000-0000-7000-8000-000000000002',
    '2026-11-25T02:00:00+00:00', null, 1, 'bb', null, 'waiting', null, 'lane-2', x'7b7d');
insert into outbox values (3, 3, '00000000-0000-7000-9000-000000000003', 'kiosk-test', 'register_visit',
    '00000000-0000-7000-8000-000000000003',
    '2026-11-25T03:00:00+00:00', null, 1, 'cc', null, 'waiting', null, 'lane-3', x'7b7d');
insert into outbox values (4, 4, '00000000-0000-7000-9000-000000000004', 'kiosk-test', 'bind_pending_number',
    '00000000-0000-7000-8000-000000000003',
    '2026-11-25T03:00:04+00:00', null, 1, 'dd', null, 'waiting', null, 'lane-3', x'7b7d');
insert into outbox values (5, 5, '00000000-0000-7000-9000-000000000005', 'kiosk-test', 'register_visit',
    '00000000-0000-7000-8000-000000000004',
    '2026-11-25T04:00:00+00:00', null, 1, 'ee', null, 'parked', 'site_refused', 'lane-4', x'7b7d');
insert into outbox values (6, 6, '00000000-0000-7000-9000-000000000006', 'kiosk-test', 'register_visit',
    '00000000-0000-7000-8000-000000000005',
    '2026-11-25T05:00:00+00:00', null, 1, 'ff', null, 'superseded', null, null, null);
insert into outbox values (7, 6, '00000000-0000-7000-9000-000000000007', 'kiosk-test', 'register_visit',
    '00000000-0000-7000-8000-000000000005',
    '2026-11-25T05:00:01+00:00', null, 1, '00', '00000000-0000-7000-9000-000000000006',
    'waiting', null, 'lane-5', x'7b7d');

insert into leased_number values (1, 'T1-001', '00000000-0000-7000-8000-000000000003');
insert into leased_number values (2, 'T1-002', null);
insert into department_cache values (1, '2026-11-25T00:00:00+00:00', '{"departments": []}');
