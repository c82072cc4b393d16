create table call (
    id         uuid        primary key,
    space_id   uuid        not null references space (id),
    started_by uuid        not null references person (id),
    started_at timestamptz not null,
    ended_at   timestamptz
);
-- At most one call lives in a space.
create unique index call_living on call (space_id) where ended_at is null;

create table call_participant (
    call_id   uuid        not null references call (id) on delete cascade,
    person_id uuid        not null references person (id),
    device_id uuid        not null references device (id) on delete cascade,
    joined_at timestamptz not null,
    left_at   timestamptz,
    primary key (call_id, person_id, device_id)
);
