-- Uploaded for a message that is not sent yet: nobody but the uploader knows of it. Null once it is in the space; a
-- column that may be null is added without a look at the rows that are there, which all are.
alter table file add column waiting_since timestamptz;
-- What waits for too long is forgotten.
create index file_waiting on file (waiting_since) where waiting_since is not null;
