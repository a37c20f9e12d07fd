-- Documents that were refused: why, and nothing that was on them.
create table security_event (
    event_id        text primary key,
    session_id      text not null,
    at              text not null,
    code            text not null,
    reasons         text not null, -- codes, separated by spaces
    access_protocol text
) strict;

create trigger a_security_event_is_immutable before update on security_event
begin
    select raise(abort, 'a security event is immutable');
end;

create trigger no_security_event_is_deleted before delete on security_event
begin
    select raise(abort, 'security events are never deleted');
end;

-- The outbox carries them, too, and they belong to no visit. A column's `not null` and `check` can only be changed
-- by a new table, whose references to itself follow when it is renamed (sqlite.org/lang_altertable.html §7).
create table outbox_anew (
    sequence             integer primary key,
    place                integer not null, -- in its lane: its own sequence, or that of the event it supersedes
    event_id             text not null unique,
    kiosk_id             text not null,
    kind                 text not null check (kind in ('register_visit', 'bind_pending_number', 'security_event')),
    visit_id             text references visit (visit_id),
    device_time          text not null,
    server_time_offset_s real,
    schema_version       integer not null,
    body_sha256          text not null,
    supersedes           text unique references outbox_anew (event_id),
    state                text not null check (state in ('waiting', 'delivered', 'parked', 'superseded')),
    code                 text,
    lane                 text,
    body                 blob,
    check ((kind = 'security_event') = (visit_id is null)),
    check ((state in ('waiting', 'parked')) = (body is not null)),
    check ((body is null) = (lane is null))
) strict;

insert into outbox_anew
select sequence, place, event_id, kiosk_id, kind, visit_id, device_time, server_time_offset_s, schema_version,
       body_sha256, supersedes, state, code, lane, body
from outbox order by sequence;

drop table outbox;
alter table outbox_anew rename to outbox;

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
