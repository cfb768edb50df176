package hub

import (
	"context"
	"fmt"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// add makes credentials for each name, and writes them. Names that have some are told, and left as they are, so that
// the same list may be given again.
func (c *command) add(kind string) error {
	names, err := c.memberNames()
	if err != nil {
		return err
	}
	hosts, err := namesOf(split(c.hosts))
	if err != nil {
		return err
	}
	if err := c.makeDirectory(); err != nil {
		return err
	}
	tellNew := c.newHub()
	issuer, err := openIssuer(c.dir)
	tellNew()
	if err != nil {
		return err
	}
	defer issuer.close()
	if hosts != nil {
		if err := c.warnUnknown(issuer.files, hosts); err != nil {
			return err
		}
	}
	return c.issue(issuer, kind, names, hosts)
}

// atOnce is of how many names credentials are made at once. The disk is waited for once for all of them; if the machine
// stops meanwhile, their names have credentials that nobody has.
const atOnce = 100

// issue has credentials made for names. A signal ends it when those are written that are being made.
func (c *command) issue(issuer *issuer, kind string, names, hosts []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	t := &tally{total: len(names), stderr: c.stderr}
	for some := range slices.Chunk(names, atOnce) {
		if t.failure == nil && ctx.Err() != nil {
			t.failure = context.Cause(ctx)
		}
		if t.failure != nil {
			break
		}
		all := make([]*addition, len(some))
		for i, name := range some {
			all[i] = &addition{member: &member{Name: name, Hosts: hosts}}
			all[i].out, all[i].err = c.output(name)
		}
		issuer.add(kind, all)
		for _, a := range all {
			err := a.err
			if err == nil && a.out.path != "" {
				_, err = fmt.Fprintln(c.stdout, a.out.path)
			}
			t.note(err)
		}
	}
	return t.end()
}

// remove makes the credentials of each name void.
func (c *command) remove(kind string) error {
	names, err := c.memberNames()
	if err != nil {
		return err
	}
	t := &tally{total: len(names), stderr: c.stderr}
	for _, name := range names {
		if t.note(removeMember(c.dir, kind, name)); t.failure != nil {
			break
		}
	}
	return t.end()
}

// newHub is called before a hub may be made. What it gives tells that one was, which is not meant where its directory
// is mistyped.
func (c *command) newHub() (tell func()) {
	if hasKeys(c.dir) {
		return func() {}
	}
	return func() {
		if hasKeys(c.dir) {
			fmt.Fprintf(c.stderr, "netql-fleet hub: %s was no directory of a hub, and is one now\n", c.dir)
		}
	}
}

// warnUnknown tells of hosts that a user may ask and that nobody has added: their names may be mistyped.
func (c *command) warnUnknown(files *directories, hosts []string) error {
	added, err := files.names(hostsDir)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, name := range added {
		known[name] = true
	}
	unknown := slices.DeleteFunc(slices.Clone(hosts), func(host string) bool { return known[host] })
	if len(unknown) > 0 {
		fmt.Fprintf(c.stderr, "netql-fleet hub: warning: no host has these names yet: %s\n",
			strings.Join(unknown, ", "))
	}
	return nil
}
