"""What can go wrong in the reviewer's app; only views and the command line turn one into a page or an exit code."""


class ReviewerError(Exception):
    """The root of every error in this package; never raised itself."""


class ProgrammeError(ReviewerError):
    """The file of reward programmes is not in the shape it must have, or states as fact what it says is unverified."""
