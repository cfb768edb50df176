// Netql-fleet is netql with one more way to reach hosts, NATS: the hub that they connect to, and the agent on each.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"

	"netql/shell"
	"netql/shell/fleet/agent"
	"netql/shell/fleet/asker"
	"netql/shell/fleet/connect"
	"netql/shell/fleet/hub"
)

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "hub":
			os.Exit(hub.Main(os.Args[2:], os.Stdout, os.Stderr))
		case "agent":
			os.Exit(agent.Main(os.Args[2:], shell.AnswerHost(), os.Stdout, os.Stderr))
		}
	}
	os.Exit(shell.MainReaching(os.Args, os.Stdin, os.Stdout, os.Stderr,
		shell.Reach{Scheme: "nats", Open: reach}, shell.Reach{Scheme: "tls", Open: reach}))
}

// reach finds the hosts of a fleet. Ctrl-C ends it.
func reach(address string) (shell.Reached, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fleet, err := asker.Open(ctx, address)
	if role, ok := errors.AsType[*connect.RoleError](err); ok {
		return shell.Reached{}, shell.WrongUse(role)
	}
	if err != nil {
		return shell.Reached{}, err
	}
	return shell.Reached{Names: fleet.Names, Transport: fleet.Transport, Notes: fleet.Notes, Close: fleet.Close}, nil
}
