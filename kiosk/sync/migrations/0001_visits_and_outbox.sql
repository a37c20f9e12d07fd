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
