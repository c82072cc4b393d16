create table channel (
    id           uuid        primary key,
    space_id     uuid        not null references space (id),
    name_format  smallint    not null,
    name         bytea       not null,
    topic_format smallint    not null,
    topic        bytea       not null,
    position     int         not null,
    -- how many messages it ever had: the ordinal of the last one
    last_ordinal bigint      not null default 0,
    created_at   timestamptz not null,
    client_id    uuid,
    unique (space_id, client_id)
) with (fillfactor = 70);
create index channel_of_space on channel (space_id, position);

-- A message's ordinal counts its channel without gaps: pages and unread counts are subtractions.
create table message (
    channel_id uuid        not null references channel (id),
    ordinal    bigint      not null,
    id         uuid        not null unique,
    author_id  uuid        not null references person (id),
    client_id  uuid        not null,
    format     smallint    not null,
    body       bytea       not null,
    sent_at    timestamptz not null,
    edited_at  timestamptz,
    deleted_at timestamptz,
    files      uuid[]      not null default '{}',
    primary key (channel_id, ordinal),
    unique (author_id, client_id)
);

create table read_mark (
    person_id  uuid   not null references person (id) on delete cascade,
    channel_id uuid   not null references channel (id) on delete cascade,
    ordinal    bigint not null,
    primary key (person_id, channel_id)
) with (fillfactor = 70);
