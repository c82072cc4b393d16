-- A guest's account that is over: the address goes to whoever has it next, and nobody can sign in. The row stays for what
-- was written, under the name of then. `away_since`: since when a guest is in no space.
alter table person
    add column away_since   timestamptz,
    add column forgotten_at timestamptz,
    drop constraint person_email_key,
    add constraint person_forgotten check (
        (email = '') = (forgotten_at is not null)
        and (forgotten_at is null or (suspended_at is not null and kind = 'guest' and not administrator))
    );
create unique index person_email_key on person (email) where email <> '';
create index person_away on person (away_since) where away_since is not null;
