"""Images that look alike: signatures, candidates, groups."""
