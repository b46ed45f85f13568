"""The nouns of bootready: plain frozen values that every stage passes on; imports nothing of ours."""
