// Netql-fleet is netql with one more way to reach hosts, NATS: the hub that they connect to, and the agent on each.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"netql/shell"
	"netql/shell/fleet/agent"
	"netql/shell/fleet/asker"
	"netql/shell/fleet/connect"
	"netql/shell/fleet/hub"
)

// usage is what netql-fleet has besides what netql has.
const usage = `netql-fleet is netql, which reaches hosts in one more way: an agent on each dials out to a hub.

  netql-fleet hub --help          the hub, and who may connect to it
  netql-fleet agent --help        the agent, which answers on a host
  netql-fleet --hosts nats://HUB[:PORT][,...][/HOST,...|/@FILE] [QUERY]
                                  asks the hosts of a hub, all or those named, with the credentials in
                                  $NETQL_CREDS or in ~/.config/netql/HUB.creds or fleet.creds

All else is as with netql:

`

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "hub":
			os.Exit(hub.Main(os.Args[2:], os.Stdout, os.Stderr))
		case "agent":
			os.Exit(agent.Main(os.Args[2:], shell.AnswerHost(), os.Stdout, os.Stderr))
		case "--help", "-help", "-h":
			fmt.Print(usage)
		}
	}
	os.Exit(shell.MainReaching(os.Args, os.Stdin, os.Stdout, os.Stderr,
		shell.Reach{Scheme: "nats", Open: reach}, shell.Reach{Scheme: "tls", Open: reach}))
}

// reach finds the hosts of a fleet. Ctrl-C ends it.
func reach(address string, read func(file string) (string, error)) (shell.Reached, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fleet, err := asker.Open(ctx, address, read)
	if role, ok := errors.AsType[*connect.RoleError](err); ok {
		return shell.Reached{}, shell.WrongUse(role)
	}
	if err != nil {
		return shell.Reached{}, err
	}
	return shell.Reached{Names: fleet.Names, Transport: fleet.Transport, Notes: fleet.Notes, Close: fleet.Close}, nil
}
