"""The nouns of bootready: plain frozen values that every stage passes on; knows nothing of ours."""
