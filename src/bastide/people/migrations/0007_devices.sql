-- A machine that others use too: its sessions are short, and nothing of them is kept in the browser.
alter table device add column shared boolean not null default false;
create index device_shared on device (id) where shared;
-- When a session was last used, to within some minutes.
alter table session add column seen_at timestamptz;
update session set seen_at = confirmed_at;
alter table session alter column seen_at set not null;
