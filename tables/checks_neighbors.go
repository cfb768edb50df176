package tables

// neighborChecks are the checks of neighbours.
var neighborChecks = []check{{
	name:     "failed_neighbors",
	doc:      "Addresses on a link that do not answer.",
	from:     "neighbors state in [FAILED, INCOMPLETE]",
	where:    "true",
	severity: "notice",
	subject:  "string(addr)",
	sentence: "{addr} on {dev} does not answer.",
	advice:   "See who talks to it.",
}}
