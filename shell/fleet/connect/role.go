package connect

import (
	"fmt"
	"slices"

	"github.com/nats-io/jwt/v2"
)

// Role is what credentials are for. A token tells it by a tag; a name and a password do not tell it.
type Role string

// The roles of credentials.
const (
	Host     Role = "host"     // an agent answers by them
	User     Role = "user"     // people ask by them
	Leafnode Role = "leafnode" // a nats-server joins others by them
)

// tagged is what the tag of a role begins with.
const tagged = "netql-"

// Tag is the tag of a role in a token (JWT).
func (r Role) Tag() string { return tagged + string(r) }

// roleOf is the role that a token tells; "" if it tells none.
func roleOf(tags jwt.TagList) Role {
	for _, r := range []Role{Host, User, Leafnode} {
		if slices.Contains(tags, r.Tag()) {
			return r
		}
	}
	return ""
}

// Check says why the credentials are not for a role. Those that do not tell their own may be for any.
func (c *Credentials) Check(wanted Role) error {
	if c.role == "" || c.role == wanted {
		return nil
	}
	return &RoleError{c.path, c.Name, c.role, wanted}
}

// RoleError is the error of credentials that are for another role.
type RoleError struct {
	Path, Name  string
	Has, Wanted Role
}

func (e *RoleError) Error() string {
	return fmt.Sprintf("%s: these are the credentials of a %s, %s; %s", e.Path, e.Has, e.Name, Advice(e.Wanted))
}

// Advice says which credentials a role takes, and who makes them.
func Advice(wanted Role) string {
	who := "an agent needs"
	if wanted == User {
		who = "who asks needs"
	}
	return fmt.Sprintf("%s those of a %s, which netql-fleet hub DIR add-%[2]s NAME makes", who, wanted)
}
