// Netql-fleet is netql with one more way to reach hosts, NATS: the hub that they connect to, and the agent on each.
package main

import (
	"os"

	"netql/shell"
	"netql/shell/fleet/hub"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "hub" {
		os.Exit(hub.Main(os.Args[2:], os.Stdout, os.Stderr))
	}
	os.Exit(shell.Main(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
