"""The nouns of the project, frozen, and the contracts of its tables."""
