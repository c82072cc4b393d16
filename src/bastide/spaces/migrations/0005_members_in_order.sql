-- Members are listed with those who manage the space first, then in the order in which they came.
create index member_managers_first on member (space_id, (role <> 'manager'), joined_at, person_id);
