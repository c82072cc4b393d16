-- Few are suspended; lists of spaces ask which of their members are.
create index person_suspended on person (id) where suspended_at is not null;
