"""Who there is: parties, people, memberships and their keys."""
