package hub

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Exit statuses, as netql's own.
const (
	failed = 1
	wrong  = 2
)

// defaultListen is NATS' own port on all addresses.
const defaultListen = ":4222"

const usage = `Usage: netql-fleet hub DIR [--name NAME,...] [--listen HOST:PORT] [--unit]
       netql-fleet hub DIR add-host NAME... | @FILE [--out FILE | DIR2/]
       netql-fleet hub DIR add-user NAME... | @FILE [--out FILE | DIR2/] [--hosts NAME,... | @FILE]
       netql-fleet hub DIR remove-host | remove-user | remove-leafnode NAME... | @FILE
       netql-fleet hub DIR list
       netql-fleet hub DIR config --out DIR2 --name NAME,... [--listen HOST:PORT]
                                  [--cluster HOST,...] [--leafnodes] [--leaf-of HOST,...]

The first runs the hub: a NATS server with TLS, whose keys are made in DIR when they are missing. DIR is all
that must be kept, and kept secret. The others say who may connect, while a hub runs or not. Credentials go
into NAME.creds, or where --out says: bring each to its owner, and keep no copy. A name that has some already
is reported, and others get theirs. config writes what a nats-server needs to take the hub's place with the
same credentials: a configuration and a certificate.

  @FILE               a name a line, or several with commas; # begins a comment
  --name NAME,...     names and addresses by which the hub is called, beside the machine's own
  --listen HOST:PORT  where to listen; :4222 if it is not given
  --unit              print a unit of systemd that runs the hub so, and how to install it
  --out FILE          where credentials go; - is stdout, and a directory takes a file for each name
  --hosts NAME,...    the hosts that the user may ask; all if it is not given
  --cluster HOST,...  the servers of a cluster, of which this is one; each HOST or HOST:PORT (6222)
  --leafnodes         take leaf nodes, on port 7422
  --leaf-of HOST,...  be a leaf node of these servers; each HOST or HOST:PORT (7422)
`

// command is a command line of the hub.
type command struct {
	dir, listen, names, out, hosts string
	cluster, leafOf                string
	leafnodes, unit                bool
	verb                           string
	words                          []string
	given                          map[string]bool // flags
	stdout, stderr                 io.Writer
}

// verb is something that can be done with a hub's directory.
type verb struct {
	name  string
	do    func(c *command) error
	names bool   // takes names of members
	flags string // that it takes
}

// verbs are all verbs. The one without a name runs the hub.
func verbs() []verb {
	return []verb{
		{"", (*command).run, false, "name listen unit"},
		{"add-host", func(c *command) error { return c.add(hostsDir) }, true, "out"},
		{"add-user", func(c *command) error { return c.add(usersDir) }, true, "out hosts"},
		{"remove-host", func(c *command) error { return c.remove(hostsDir) }, true, ""},
		{"remove-user", func(c *command) error { return c.remove(usersDir) }, true, ""},
		{"remove-leafnode", func(c *command) error { return c.remove(leafnodesDir) }, true, ""},
		{"list", (*command).list, false, ""},
		{"config", (*command).config, false, "out name listen cluster leafnodes leaf-of"},
	}
}

// errUsage is a command line that is wrong.
var errUsage = errors.New("netql-fleet hub --help tells more")

// Main runs the command line that follows the word hub, and gives its exit status.
func Main(args []string, stdout, stderr io.Writer) int {
	c := &command{stdout: stdout, stderr: stderr}
	err := c.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err == nil {
		err = c.do()
	}
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "netql-fleet hub: %v\n", err)
	if errors.Is(err, errUsage) {
		return wrong
	}
	return failed
}

// parse reads the command line. Flags may stand anywhere.
func (c *command) parse(args []string) error {
	flags := flag.NewFlagSet("hub", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.listen, "listen", defaultListen, "")
	flags.StringVar(&c.names, "name", "", "")
	flags.StringVar(&c.out, "out", "", "")
	flags.StringVar(&c.hosts, "hosts", "", "")
	flags.BoolVar(&c.unit, "unit", false, "")
	flags.StringVar(&c.cluster, "cluster", "", "")
	flags.StringVar(&c.leafOf, "leaf-of", "", "")
	flags.BoolVar(&c.leafnodes, "leafnodes", false, "")
	for len(args) > 0 {
		err := flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		if err != nil {
			return fmt.Errorf("%w; %w", err, errUsage)
		}
		if args = flags.Args(); len(args) > 0 {
			c.words, args = append(c.words, args[0]), args[1:]
		}
	}
	c.given = map[string]bool{}
	flags.Visit(func(f *flag.Flag) { c.given[f.Name] = true })
	if len(c.words) == 0 {
		return fmt.Errorf("a directory is missing; %w", errUsage)
	}
	if slices.ContainsFunc(verbs(), func(v verb) bool { return v.name == c.words[0] }) || c.words[0] == "help" {
		return fmt.Errorf("the directory comes first: netql-fleet hub DIR %s; %w", c.words[0], errUsage)
	}
	c.dir, c.words = c.words[0], c.words[1:]
	if len(c.words) > 0 {
		c.verb, c.words = c.words[0], c.words[1:]
	}
	return nil
}

// do does what the command line says, if it can be meant.
func (c *command) do() error {
	all := verbs()
	at := slices.IndexFunc(all, func(v verb) bool { return v.name == c.verb })
	if at < 0 {
		return fmt.Errorf("%q is nothing that a hub does; %w", c.verb, errUsage)
	}
	if err := c.check(all[at]); err != nil {
		return fmt.Errorf("%w; %w", err, errUsage)
	}
	return all[at].do(c)
}

// check says what is wrong with the words and flags of a verb.
func (c *command) check(v verb) error {
	switch {
	case !v.names && len(c.words) > 0:
		return fmt.Errorf("%s takes no names", v.name)
	case v.names && len(c.words) == 0:
		return fmt.Errorf("%s takes names", v.name)
	case v.name == "config" && (c.out == "" || c.names == ""):
		return errors.New("config needs --out and --name")
	}
	for _, name := range slices.Sorted(maps.Keys(c.given)) {
		if !v.takes(name) {
			return fmt.Errorf("--%s is for %s", name, takers(name))
		}
	}
	if c.given["hosts"] && c.hosts == "" { // as of a variable that is not set: not a user who may ask all
		return errors.New("--hosts names no host")
	}
	return nil
}

func (v verb) takes(name string) bool { return slices.Contains(strings.Fields(v.flags), name) }

// takers are the verbs that take a flag.
func takers(name string) string {
	var found []string
	for _, v := range verbs() {
		if v.takes(name) {
			found = append(found, cmp.Or(v.name, "running the hub"))
		}
	}
	return strings.Join(found, ", ")
}

// run runs the hub until a signal ends it.
func (c *command) run() error {
	if c.unit {
		return c.printUnit()
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	tellNew := c.newHub()
	h, err := Start(c.dir, Config{Listen: c.listen, Names: split(c.names), Log: c.stderr})
	tellNew()
	if err != nil {
		return err
	}
	defer h.Close()
	fmt.Fprintf(c.stderr, "netql-fleet hub: listening on %s\n", h.Address())
	<-ctx.Done()
	return nil
}

func (c *command) config() error {
	defer c.newHub()()
	return writeConfiguration(c.dir, c.out, serverConfig{listen: c.listen, names: split(c.names),
		cluster: split(c.cluster), leafnodes: c.leafnodes, leafOf: split(c.leafOf)})
}

// list prints who has credentials, a line each.
func (c *command) list() error {
	for _, kind := range []string{hostsDir, usersDir, leafnodesDir} {
		members, err := listed(c.dir, kind)
		if err != nil {
			return err
		}
		for _, m := range members {
			fmt.Fprintf(c.stdout, "%s %s since %s", singular(kind), m.Name, m.Added.Format(time.DateOnly))
			if m.Hosts != nil {
				fmt.Fprintf(c.stdout, ", may ask %s", strings.Join(m.Hosts, ", "))
			}
			fmt.Fprintln(c.stdout)
		}
	}
	return nil
}

// split is a list whose parts are separated by commas; nil for "".
func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}
