package agent

import (
	"context"
	_ "embed" // for the unit
	"errors"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"netql/shell/fleet/connect"
	"netql/shell/remote/answer"
)

// Exit statuses, as netql's own.
const (
	failed = 1
	wrong  = 2
)

// stopPatience is how long answers may take to end when the agent is stopped.
const stopPatience = 5 * time.Second

const usage = `Usage: netql-fleet agent --hub nats://HOST[:PORT][,...] --creds FILE [--tables NAME,...] [--cmdline]
       netql-fleet agent --hub nats://HOST[:PORT][,...] --unit

Answers the questions of users of the hub about this machine, with the rights that it has itself. It dials out,
and listens nowhere. Each question is a line on stderr: who asked what, and what went out.

  --hub SERVER,...   the hub, or servers of NATS
  --creds FILE       of netql-fleet hub DIR add-host NAME; NAME is what this machine is called
  --tables NAME,...  the tables that may be asked; all if it is not given
  --cmdline          show the command lines of processes, which may hold secrets; else they are NULL
  --unit             print a unit of systemd that runs the agent with few rights, and how to install it
`

//go:embed netql-fleet-agent.service
var unit string

// command is a command line of the agent.
type command struct {
	hub, creds, tables string
	cmdline, unit      bool
	stdout, stderr     io.Writer
}

// errUsage is a command line that is wrong.
var errUsage = errors.New("netql-fleet agent --help tells more")

// Main runs the command line that follows the word agent, and gives its exit status. The host is this machine.
func Main(args []string, host answer.Host, stdout, stderr io.Writer) int {
	c := &command{stdout: stdout, stderr: stderr}
	err := c.parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err == nil && c.unit:
		fmt.Fprint(stdout, c.unitText())
		return 0
	case err == nil:
		err = c.run(host)
	}
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "netql-fleet agent: %v\n", err)
	if _, role := errors.AsType[*connect.RoleError](err); role || errors.Is(err, errUsage) {
		return wrong
	}
	return failed
}

func (c *command) parse(args []string) error {
	flags := flag.NewFlagSet("agent", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.hub, "hub", "", "")
	flags.StringVar(&c.creds, "creds", "", "")
	flags.StringVar(&c.tables, "tables", "", "")
	flags.BoolVar(&c.cmdline, "cmdline", false, "")
	flags.BoolVar(&c.unit, "unit", false, "")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return fmt.Errorf("%w; %w", err, errUsage)
	case flags.NArg() > 0:
		return fmt.Errorf("%q is one word too many; %w", flags.Arg(0), errUsage)
	case c.hub == "":
		return fmt.Errorf("--hub is missing; %w", errUsage)
	case c.creds == "" && !c.unit:
		return fmt.Errorf("--creds is missing; %w", errUsage)
	case c.tables == "" && isGiven(flags, "tables"): // as of a variable that is not set: not all tables
		return fmt.Errorf("--tables names no table; %w", errUsage)
	}
	if _, err := connect.Servers(c.hub); err != nil {
		return fmt.Errorf("--hub: %w; %w", err, errUsage)
	}
	for _, word := range []string{c.hub, c.tables} {
		if strings.ContainsAny(word, " \t\n\"'\\$%") { // which would mean something in a unit
			return fmt.Errorf("%q has a character that has no place there; %w", word, errUsage)
		}
	}
	return nil
}

func isGiven(flags *flag.FlagSet, name string) (given bool) {
	flags.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}

// unitText is the unit of an agent with the arguments of this one.
func (c *command) unitText() string {
	arguments := "--hub " + c.hub
	if c.tables != "" {
		arguments += " --tables " + c.tables
	}
	if c.cmdline {
		arguments += " --cmdline"
	}
	return strings.ReplaceAll(unit, "{{arguments}}", arguments)
}

// run runs the agent until a signal ends it.
func (c *command) run(host answer.Host) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	credentials, err := connect.ReadCredentials(c.creds)
	if err == nil {
		err = credentials.Check(connect.Host)
	}
	if err != nil {
		return err
	}
	servers, err := connect.Servers(c.hub)
	if err != nil {
		return err
	}
	var tables []string
	if c.tables != "" {
		tables = strings.Split(c.tables, ",")
	}
	if host, err = Restrict(host, tables, c.cmdline); err != nil {
		return err
	}
	a, err := Start(Config{credentials, servers, host, DefaultLimits(), c.stderr})
	if err != nil {
		return err
	}
	<-ctx.Done()
	patience, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	a.Stop(patience)
	return nil
}
