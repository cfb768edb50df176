// Netql shows the network data of the Linux kernel as tables and answers queries over them.
package main

import (
	"os"

	"netql/shell"
)

func main() { os.Exit(shell.Main(os.Args, os.Stdin, os.Stdout, os.Stderr)) }
