-- Who answers for the security of the instance: what is declared of it, and the audit. Until somebody says otherwise it is
-- whoever administers.
alter table person add column officer boolean not null default false;
update person set officer = administrator;
create index person_officers on person (id) where officer;
-- Until when a session is in administration; it was opened by proving again who one is.
alter table session add column administers_until timestamptz;
create index session_administering on session (administers_until) where administers_until is not null;
