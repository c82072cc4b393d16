"""What can go wrong with files."""

from bastide.core.errors import Problem


class UploadInterrupted(Problem):
    """The window went away, or sent nothing for too long. Nothing is stored."""

    status = 408
    code = "upload-interrupted"
    fr = "L’envoi a été interrompu. Rien n’a été déposé."
    en = "The upload was interrupted. Nothing was stored."


class RangeUnsatisfiable(Problem):
    """A range that begins behind the end of the file."""

    status = 416
    code = "range-unsatisfiable"
    fr = "Ce fichier est plus court que ce qui est demandé."
    en = "This file is shorter than what is asked for."
