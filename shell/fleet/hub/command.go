package hub

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/signal"
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

const usage = `Usage: netql-fleet hub DIR [--listen HOST:PORT] [--name NAME[,NAME]]
       netql-fleet hub DIR add-host NAME... [--out FILE]
       netql-fleet hub DIR add-user NAME... [--out FILE] [--hosts NAME[,NAME]]
       netql-fleet hub DIR remove-host NAME... | remove-user NAME...
       netql-fleet hub DIR list
       netql-fleet hub DIR config --out DIR2 --name NAME[,NAME]

The first runs the hub: a NATS server with TLS, whose keys are made in DIR when they are missing. DIR is all
that must be kept, and kept secret. The others say who may connect, while a hub runs or not. Credentials go
into NAME.creds, or into FILE (- is stdout): bring each to its owner, and keep no copy. config writes what a
nats-server needs to take the hub's place with the same credentials: a configuration and a certificate.

  --listen HOST:PORT  where to listen; :4222 if it is not given
  --name NAME,...     names and addresses by which the hub is called, beside the machine's own
  --out FILE          where credentials go
  --hosts NAME,...    the hosts that the user may ask; all if it is not given
`

// command is a command line of the hub.
type command struct {
	dir, listen, names, out, hosts string
	some                           bool // --hosts is given
	verb                           string
	words                          []string
	stdout, stderr                 io.Writer
}

// verbs are what can be done with a hub's directory, besides running the hub.
var verbs = map[string]func(c *command) error{
	"add-host":    func(c *command) error { return c.add(hostsDir) },
	"add-user":    func(c *command) error { return c.add(usersDir) },
	"remove-host": func(c *command) error { return c.remove(hostsDir) },
	"remove-user": func(c *command) error { return c.remove(usersDir) },
	"list":        (*command).list,
	"config":      (*command).config,
}

// nameless are the verbs that take no names of members.
var nameless = map[string]bool{"list": true, "config": true}

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
	if err == nil && c.verb == "" {
		err = c.run()
	} else if err == nil {
		err = verbs[c.verb](c)
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
	flags.Visit(func(f *flag.Flag) { c.some = c.some || f.Name == "hosts" })
	if len(c.words) == 0 {
		return fmt.Errorf("a directory is missing; %w", errUsage)
	}
	c.dir, c.words = c.words[0], c.words[1:]
	if len(c.words) > 0 {
		c.verb, c.words = c.words[0], c.words[1:]
	}
	return c.check()
}

// check says what is wrong with the words of the command line.
func (c *command) check() error {
	switch {
	case c.verb == "":
	case verbs[c.verb] == nil:
		return fmt.Errorf("%q is nothing that a hub does; %w", c.verb, errUsage)
	case nameless[c.verb] && len(c.words) > 0:
		return fmt.Errorf("%s takes no names; %w", c.verb, errUsage)
	case !nameless[c.verb] && len(c.words) == 0:
		return fmt.Errorf("%s takes names; %w", c.verb, errUsage)
	case c.verb == "config" && (c.out == "" || c.names == ""):
		return fmt.Errorf("config needs --out and --name; %w", errUsage)
	}
	switch {
	case c.some && c.verb != "add-user":
		return fmt.Errorf("--hosts is for add-user; %w", errUsage)
	case c.some && c.hosts == "": // as of a variable that is not set: not a user who may ask all
		return fmt.Errorf("--hosts names no host; %w", errUsage)
	}
	return nil
}

// run runs the hub until a signal ends it.
func (c *command) run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	h, err := Start(c.dir, Config{Listen: c.listen, Names: split(c.names), Log: c.stderr})
	if err != nil {
		return err
	}
	defer h.Close()
	fmt.Fprintf(c.stderr, "netql-fleet hub: listening on %s\n", h.Address())
	<-ctx.Done()
	return nil
}

func (c *command) config() error {
	c.tellNew()
	return writeConfiguration(c.dir, c.out, split(c.names))
}

// list prints who has credentials, a line each.
func (c *command) list() error {
	for _, kind := range []string{hostsDir, usersDir} {
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
