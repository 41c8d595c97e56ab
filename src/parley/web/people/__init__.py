"""People and companies: one's own company's people, the operator's view of everybody, and the ways in."""
