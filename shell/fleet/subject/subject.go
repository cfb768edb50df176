// Package subject names the NATS subjects of a fleet. They carry identities, so that the server proves by its
// permissions who asks to a host, and which host answers to an asker.
//
//	netql.ask.USER.all               an ask to all hosts; only USER may publish it
//	netql.ask.USER.host.HOST         an ask to one host
//	netql.ask.USER.hub.hosts         asks the hub which hosts there are
//	netql.credit.HOST.USER.ID        lets an ask's answer go on, or ends it; only USER may publish it
//	netql.from.HOST.USER.ID.AGENT    a part of an answer; only HOST may publish it, only USER receives it
package subject

import (
	"fmt"
	"strings"
)

// Hub is the token of the hub itself where a host's stands. No host can have it: names do not begin with a hyphen.
const Hub = "-hub"

// Nobody is the token of an agent that stands for none: by a subject with it the server says that nobody received an
// ask.
const Nobody = "-nobody"

// All are the subjects of a fleet.
const All = "netql.>"

const (
	ask    = "netql.ask."
	credit = "netql.credit."
	from   = "netql.from."
	all    = ".all"
	host   = ".host."
	hosts  = ".hub.hosts"
)

// maxName is the longest name in bytes: that of a host in DNS.
const maxName = 253

// CheckName says why a text is no name of a host or of a user.
func CheckName(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("a name is missing")
	case len(name) > maxName:
		return fmt.Errorf("%.20q...: a name has %d characters at most", name, maxName)
	case strings.ContainsAny(name[:1], "-."):
		return fmt.Errorf("%q: a name begins with a letter, a digit or _", name)
	}
	for _, c := range []byte(name) {
		if !isLetter(c) && (c < '0' || c > '9') && !strings.ContainsRune("-._", rune(c)) {
			return fmt.Errorf("%q: a name has letters, digits and - . _ alone", name)
		}
	}
	return nil
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// Token is a name as one token of a subject: a dot would end it, and web1 could speak for web1.example.com.
func Token(name string) string { return strings.ReplaceAll(name, ".", ":") }

// Name is the name whose token is given.
func Name(token string) string { return strings.ReplaceAll(token, ":", ".") }

// AskAll is the subject of a user's ask to all hosts.
func AskAll(user string) string { return ask + Token(user) + all }

// AskHost is the subject of a user's ask to one host.
func AskHost(user, name string) string { return ask + Token(user) + host + Token(name) }

// AskHosts is the subject by which a user asks the hub which hosts there are.
func AskHosts(user string) string { return ask + Token(user) + hosts }

// Credit is the subject of what a user lets a host's answer send.
func Credit(name, user, id string) string { return credit + Token(name) + "." + Token(user) + "." + id }

// Answer is the subject of the parts of a host's answer. agent tells processes apart that have the same name.
func Answer(name, user, id, agent string) string {
	return from + Token(name) + "." + Token(user) + "." + id + "." + agent
}

// HubAnswer is the subject of the hub's answer to a user.
func HubAnswer(user, id string) string { return from + Hub + "." + Token(user) + "." + id }

// Asker is the user who published an ask; false if the subject is none.
func Asker(subject string) (string, bool) {
	rest, found := strings.CutPrefix(subject, ask)
	token, _, more := strings.Cut(rest, ".")
	return Name(token), found && more
}

// Credited are the user and the ask of a subject of Credit.
func Credited(subject string) (user, id string, ok bool) {
	tokens := strings.Split(subject, ".")
	if len(tokens) != 5 || !strings.HasPrefix(subject, credit) {
		return "", "", false
	}
	return Name(tokens[3]), tokens[4], true
}

// Answered are the host, the ask and the agent of a subject of Answer.
func Answered(subject string) (name, id, agent string, ok bool) {
	tokens := strings.Split(subject, ".")
	if len(tokens) != 6 || !strings.HasPrefix(subject, from) {
		return "", "", "", false
	}
	return Name(tokens[2]), tokens[4], tokens[5], true
}
