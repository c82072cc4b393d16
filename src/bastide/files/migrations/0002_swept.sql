-- Sweeping asks of each blob who refers to it.
create index file_blob on file (blob);
create index preview_blob on preview (blob);
-- Removed files are purged by their age.
create index file_removed on file (removed_at) where removed_at is not null;
