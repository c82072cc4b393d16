-- The audit is looked through by who, where, what and when. Its lines stay as they were written; these are ways to find them.

-- Immutable in earnest: the database is UTF-8, and a line is JSON for ever.
create function audit_word(line bytea, name text) returns text
    language sql immutable strict parallel safe
    return convert_from(line, 'UTF8')::jsonb ->> name;

create index audit_by_action on audit (audit_word(line, 'action'), seq);
create index audit_by_person on audit (audit_word(line, 'person_id'), seq);
create index audit_by_space on audit (audit_word(line, 'space_id'), seq);
create index audit_by_time on audit (at, seq);
