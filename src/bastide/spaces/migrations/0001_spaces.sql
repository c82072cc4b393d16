create table space (
    id                 uuid        primary key references stream (id),
    organisation_id    uuid        not null references organisation (id),
    kind               text        not null check (kind in ('team', 'community', 'direct')),
    label              text        not null check (label in ('public', 'internal', 'sensitive', 'restricted')),
    tools              text[]      not null,
    name_format        smallint    not null,
    name               bytea       not null,
    description_format smallint    not null,
    description        bytea       not null,
    created_by         uuid        references person (id),
    created_at         timestamptz not null,
    -- a direct is found again by the people in it; a made space by what its maker called it
    direct_key         bytea       unique,
    client_id          uuid,
    unique (created_by, client_id)
);
create index space_communities on space (created_at) where kind = 'community';

-- For plain communities only: words to find them by. Sealed spaces have no row.
create table space_words (
    space_id uuid primary key references space (id) on delete cascade,
    words    text not null
);
create index space_words_search on space_words using gin (to_tsvector('simple', words));

create table member (
    space_id  uuid        not null references space (id) on delete cascade,
    person_id uuid        not null references person (id),
    role      text        not null check (role in ('reader', 'contributor', 'manager')),
    joined_at timestamptz not null,
    primary key (space_id, person_id)
);
create index member_of_person on member (person_id, space_id);
create index member_by_joining on member (space_id, joined_at, person_id);
