"""The trail: the audit, for those who answer for the instance. It shows who did what, where and when, and no content."""
