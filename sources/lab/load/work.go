package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// firstPort is the port of the first worker's listener.
const firstPort = 20000

// work makes connections, reports that with one byte, and keeps them until the end of standard input.
func work(worker, connections int) error {
	if err := connect(worker, connections); err != nil {
		return fmt.Errorf("worker %d: %w", worker, err)
	}
	if _, err := os.Stdout.WriteString("!"); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// connect makes a listener and connections to it. Nothing is closed: the process's end does that.
func connect(worker, connections int) error {
	if err := raiseFileLimit(2*connections + 64); err != nil {
		return err
	}
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	server := &unix.SockaddrInet4{Addr: address(1, worker), Port: firstPort + worker}
	if err := unix.Bind(listener, server); err != nil {
		return fmt.Errorf("bind to %v: %w", server, err)
	}
	if err := unix.Listen(listener, 128); err != nil {
		return err
	}
	for i := range connections {
		if err := connectOne(listener, server, address(2, i)); err != nil {
			return fmt.Errorf("connection %d of %d: %w", i+1, connections, err)
		}
	}
	return nil
}

// connectOne makes both sockets of a connection. The client's port is chosen when it connects, so that it need not be
// free of all peers (IP_BIND_ADDRESS_NO_PORT in ip(7)).
func connectOne(listener int, server unix.Sockaddr, from [4]byte) error {
	client, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := unix.SetsockoptInt(client, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1); err != nil {
		return err
	}
	if err := unix.Bind(client, &unix.SockaddrInet4{Addr: from}); err != nil {
		return err
	}
	if err := unix.Connect(client, server); err != nil {
		return err
	}
	_, _, err = unix.Accept4(listener, unix.SOCK_CLOEXEC)
	return err
}

// address is one of 127.net.1.1 to 127.net.250.250, all of which loopback answers to.
func address(net byte, i int) [4]byte {
	return [4]byte{127, net, byte(i/250%250 + 1), byte(i%250 + 1)}
}

// raiseFileLimit makes room for that many files, as far as this process may.
func raiseFileLimit(files int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	need := uint64(files)
	if limit.Cur >= need {
		return nil
	}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: need, Max: max(need, limit.Max)}); err != nil {
		return fmt.Errorf("%d files are needed, %d allowed (%w): use more processes", need, limit.Max, err)
	}
	return nil
}
