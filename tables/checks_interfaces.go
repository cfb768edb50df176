package tables

// interfaceChecks are the checks of interfaces.
var interfaceChecks = []check{{
	name:     "no_carrier",
	doc:      "Interfaces that are up and have no carrier.",
	from:     "interfaces loopback not in flags",
	where:    "up in flags and carrier == false",
	severity: "warning",
	subject:  "name",
	sentence: "{name} is up and has no carrier.",
	advice: "Look at the cable, the other end, or whether the interface is meant to be up at all (ip link set " +
		"{name} down).",
}}
