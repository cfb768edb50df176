package tables

import (
	"netql/query"
	"netql/sources"
)

// Member is one namespace as a part of the catalogue of all.
func Member(s sources.Stack, system *sources.System, warn func(string)) query.Member {
	return Ask(system).member(s, nil, newMemberNames(system, warn), warn)
}
