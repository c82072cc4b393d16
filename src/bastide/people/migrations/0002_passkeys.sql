-- Keys that a person signs in with instead of a password (WebAuthn). Only public halves are here.
create table passkey (
    id              uuid        primary key,
    person_id       uuid        not null references person (id) on delete cascade,
    credential_id   bytea       not null unique check (length(credential_id) between 1 and 1023),
    public_key      bytea       not null,
    -- what the authenticator last counted; 0 for those that do not count
    sign_count      bigint      not null,
    transports      text[]      not null,
    -- whether it may be copied to the person's other devices, which never changes, and whether it is
    backup_eligible boolean     not null,
    backed_up       boolean     not null,
    name            text        not null,
    created_at      timestamptz not null,
    used_at         timestamptz
);
create index passkey_of_person on passkey (person_id, created_at);

-- Challenges that were answered well, so that no answer counts twice; forgotten once they have run out by themselves.
create table passkey_challenge_spent (
    hash       bytea       primary key,
    expires_at timestamptz not null
);
create index passkey_challenge_spent_expiry on passkey_challenge_spent (expires_at);

create table recovery_code (
    person_id  uuid        not null references person (id) on delete cascade,
    hash       bytea       not null,
    created_at timestamptz not null,
    used_at    timestamptz,
    primary key (person_id, hash)
);

-- By what a session was opened, by which passkey it is strong, and when its person last proved who they are.
alter table session
    add column means        text not null default 'password' check (means in ('password', 'passkey', 'recovery', 'link')),
    add column passkey_id   uuid references passkey (id) on delete set null,
    add column confirmed_at timestamptz;
update session set confirmed_at = created_at;
alter table session alter column confirmed_at set not null;
create index session_of_passkey on session (passkey_id) where passkey_id is not null;
