create table organisation (
    id         uuid        primary key,
    name       text        not null,
    short_name text        not null,
    domain     text        not null unique,
    created_at timestamptz not null
);

create table person (
    id              uuid        primary key references stream (id),
    organisation_id uuid        not null references organisation (id),
    kind            text        not null check (kind in ('agent', 'guest')),
    email           text        not null unique check (email = lower(email)),
    given_name      text        not null,
    family_name     text        not null,
    function        text        not null default '',
    service         text        not null default '',
    phone           text        not null default '',
    locale          text        not null default 'fr' check (locale in ('fr', 'en')),
    administrator   boolean     not null default false,
    picture         bytea       references blob (hash),
    -- folded (no accents, lower case) words of name, function, service and address, for the directory
    words           text        not null,
    created_at      timestamptz not null,
    suspended_at    timestamptz
);
create index person_picture on person (picture) where picture is not null;
create index person_of_organisation on person (organisation_id);
-- The directory searches by the beginnings of words, in any order.
create index person_words on person using gin (to_tsvector('simple', words));

create table credential (
    person_id     uuid        primary key references person (id) on delete cascade,
    password_hash text        not null,
    changed_at    timestamptz not null
);

-- A browser profile. Its id is stable: calls and sealing name devices.
create table device (
    id         uuid        primary key,
    person_id  uuid        not null references person (id) on delete cascade,
    token_hash bytea       not null unique,
    name       text        not null,
    created_at timestamptz not null
);
create index device_of_person on device (person_id);

create table session (
    id         uuid        primary key,
    token_hash bytea       not null unique,
    person_id  uuid        not null references person (id) on delete cascade,
    device_id  uuid        not null references device (id) on delete cascade,
    strength   text        not null check (strength in ('password', 'passkey')),
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index session_of_person on session (person_id);
create index session_expiry on session (expires_at);
