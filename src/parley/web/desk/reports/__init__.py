"""The dashboard: overview, statistics, activity, cards, the complaint report, and what is settled."""
